import { buildProgram } from "./program.ts";

process.exitCode = await buildProgram({ out: process.stdout, err: process.stderr }).run(
  process.argv.slice(2),
);
