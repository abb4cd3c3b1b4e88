// Loaded into every process a benchmark starts: it says how much processor time it has used when it is asked,
// and it ends with the benchmark, whatever ended that.
process.on("message", (question) => {
  if (question === "cpu") process.send?.(process.cpuUsage());
});
process.once("disconnect", () => process.exit(1));
process.channel?.unref();
