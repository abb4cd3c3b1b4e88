import { buildProgram } from "./program.ts";

// Whoever reads has enough, as `head` does: nothing is left to say, and nothing went wrong.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await buildProgram({ out: process.stdout, err: process.stderr }).run(
  process.argv.slice(2),
);
