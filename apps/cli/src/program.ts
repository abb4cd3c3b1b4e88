import { Command, CommanderError } from "commander";
import type { Writable } from "node:stream";

import { backupCommand } from "./backup.ts";
import { importCommand } from "./import.ts";
import { moveCommand } from "./move.ts";
import { refreshCommand } from "./refresh.ts";
import { restoreCommand } from "./restore.ts";
import { rotateKeysCommand } from "./rotate-keys.ts";
import { statusCommand } from "./status.ts";
import { simulateCommand } from "./simulate.ts";
import { sweepCommand } from "./sweep.ts";
import { validateCommand } from "./validate.ts";
import { EXIT, exitCodeOf, sentenceOf } from "./exit-codes.ts";

/** Where a command writes. */
export type Output = { out: Writable; err: Writable };

/** The `perennial` command. */
export function buildProgram(output: Output): { run(args: string[]): Promise<number> } {
  const program = new Command("perennial")
    .description("Looks after Instagram connections from the terminal, with or without running servers.")
    .option("--json", "print JSON instead of a table")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out.write(text),
      writeErr: (text) => output.err.write(text),
    });
  let exitCode: number = EXIT.fine;
  for (const add of [
    statusCommand,
    validateCommand,
    refreshCommand,
    importCommand,
    sweepCommand,
    moveCommand,
    backupCommand,
    restoreCommand,
    rotateKeysCommand,
    simulateCommand,
  ]) {
    add(program, output, (code) => {
      exitCode = code;
    });
  }
  return {
    run: async (args) => {
      try {
        await program.parseAsync(args, { from: "user" });
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
        output.err.write(`${sentenceOf(error)}\n`);
        return exitCodeOf(error);
      }
    },
  };
}
