// Loaded into the processes that `pnpm dev` and `pnpm start` begin: whatever ends those, even a SIGKILL,
// closes the channel, and nothing is left running.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
