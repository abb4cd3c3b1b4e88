// Loaded into every process a benchmark starts: it says how much processor time and memory it has used when it
// is asked, and it ends with the benchmark, whatever ended that.
process.on("message", (question) => {
  if (question === "cpu") process.send?.(process.cpuUsage());
  if (question === "memory") process.send?.({ mostBytes: process.resourceUsage().maxRSS * 1024 });
});
process.once("disconnect", () => process.exit(1));
process.channel?.unref();
