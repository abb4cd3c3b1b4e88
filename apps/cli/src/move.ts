import {
  abandonMove,
  isDatabaseAddress,
  loadEnvironment,
  moveHouse,
  readConfig,
  type MoveReport,
} from "@perennial/runtime";
import type { Command } from "commander";

import { createMoveLines } from "./move-lines.ts";
import type { Output } from "./program.ts";
import { table } from "./table.ts";

type Options = { from?: string; to?: string; drain?: boolean; abandon?: boolean };

const HELP = `
An address is file:./a/path or postgresql://user:password@host/database. An argument can be seen in the list of
processes by everybody on this machine: give an address that holds a password as MOVE_FROM or MOVE_TO in the
environment instead. The keys are read from TOKEN_KEYS, as always.

From the start of the copy on, the source can only be read, and stays so. A move that was cut off is resumed by the
same command. Moving back is the same command with the addresses exchanged.

Examples:
  perennial move --from file:./data/perennial.db --to postgresql://127.0.0.1/perennial
  MOVE_FROM=postgresql://… perennial move --to file:./data/perennial.db --drain --json
  perennial move --from file:./data/perennial.db --abandon`;

/** `perennial move`: everything from one database into another. */
export function moveCommand(program: Command, output: Output, _finish: (code: number) => void): void {
  program
    .command("move")
    .description("move everything into another database; resumable, compared row by row")
    .option("--from <address>", "where everything is now; or MOVE_FROM in the environment")
    .option("--to <address>", "where it is to be; or MOVE_TO in the environment")
    .option("--drain", "while servers run: let what is in flight end, then keep everybody from writing")
    .option("--abandon", "give up a move that was not finished: the source takes writes again")
    .addHelpText("after", HELP)
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const environment = output.environment ?? loadEnvironment();
      const from = addressOf(command, "--from", options.from ?? environment["MOVE_FROM"]);
      const to = options.to ?? environment["MOVE_TO"];
      warnOfPasswords(options, output);
      if (options.abandon === true) {
        await abandonMove({ from, to: to === undefined ? null : addressOf(command, "--to", to) });
        const sentence = "Given up. The source takes writes again.";
        output.out.write(json === true ? `${JSON.stringify({ kind: "abandoned" })}\n` : `${sentence}\n`);
        return;
      }
      const lines = createMoveLines(output.err);
      const request = { from, to: addressOf(command, "--to", to), drain: options.drain === true };
      const startedAtMs = performance.now();
      const report = await moveHouse(readConfig(environment), { ...request, onProgress: lines.print });
      const seconds = (performance.now() - startedAtMs) / 1_000;
      output.out.write(
        json === true ? `${JSON.stringify(summaryOf(report, seconds))}\n` : describe(report, seconds),
      );
    });
}

function addressOf(command: Command, option: string, address: string | undefined): string {
  const variable = option === "--from" ? "MOVE_FROM" : "MOVE_TO";
  if (address === undefined || address === "") {
    command.error(`error: ${option} is missing, and so is ${variable}`);
  }
  if (!isDatabaseAddress(address)) {
    command.error(
      `error: ${option} (or ${variable}) is neither file:./a/path nor postgresql://user:password@host/database`,
    );
  }
  return address;
}

function warnOfPasswords({ from, to }: Options, output: Output): void {
  const isExposed = [from, to].some(
    (address) => URL.canParse(address ?? "") && new URL(address ?? "").password !== "",
  );
  if (isExposed) {
    output.err.write(
      "The password in an argument can be seen in the list of processes; MOVE_FROM and MOVE_TO in the environment cannot.\n",
    );
  }
}

function summaryOf(report: MoveReport, seconds: number) {
  if (report.kind === "finished_before") return report;
  const rows = Object.values(report.tables).reduce((sum, table) => sum + table.rows, 0);
  return { ...report, rows, seconds: Number(seconds.toFixed(3)), rowsPerSecond: Math.round(rows / seconds) };
}

function describe(report: MoveReport, seconds: number): string {
  if (report.kind === "finished_before") return "This move was finished before; nothing was done.\n";
  const rows = Object.entries(report.tables).map(([name, { rows, written, deleted }]) =>
    [name, rows, written, deleted].map(String),
  );
  const resumed = report.isResumed ? " This run went on with one that was cut off." : "";
  return (
    table(["TABLE", "ROWS", "WRITTEN NOW", "DELETED NOW"], rows) +
    `Moved in ${seconds.toFixed(1)} s: every row is the same at both ends, and all ${report.tokensOpened} tokens open.${resumed}\n` +
    "Set DATABASE_URL to the new address and start the servers anew. The old database can be read, and not written.\n"
  );
}
