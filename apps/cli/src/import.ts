import type { ImportResult } from "@perennial/connections";
import { InvalidArgumentError, type Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import type { Output } from "./program.ts";
import { readInput } from "./read-input.ts";
import { table } from "./table.ts";
import { withRuntime } from "./with-runtime.ts";

type Options = { expiresIn?: number; connection?: string; user?: string; account?: string[] };

/** `perennial import`: keeps a token that was made elsewhere. It comes on standard input, never as an argument. */
export function importCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("import")
    .description("keep a token that was made elsewhere; it is read from standard input")
    .option("--expires-in <seconds>", "how long it still lives, where Instagram does not say", seconds)
    .option("--connection <id>", "only for this connection's account")
    .option("--user <id>", "whose it becomes; otherwise whoever has the account, or a new user")
    .option("--account <id...>", "which accounts to keep, where the token reaches several")
    .addHelpText(
      "after",
      [
        "",
        "Takes a bare token, a line of a .env file, JSON, a URL, a curl command, or a copied answer.",
        "",
        "Examples:",
        "  perennial import < token.txt",
        "  grep INSTAGRAM_TOKEN old/.env | perennial import --expires-in 5184000",
        "  pbpaste | perennial import --json",
      ].join("\n"),
    )
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const text = await readInput(process.stdin, "the token");
      await withRuntime(async ({ connections }) => {
        const result = await connections.importToken({
          text,
          userId: options.user ?? null,
          trigger: "cli",
          accountIds: options.account ?? null,
          connectionId: options.connection ?? null,
          expiresInSeconds: options.expiresIn ?? null,
        });
        await connections.sinks.settle(); // there may be no server that does it
        output.out.write(json === true ? `${JSON.stringify(result)}\n` : describe(result));
        if (result.kind === "choose") finish(EXIT.usage);
      });
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value === 0) throw new InvalidArgumentError("It is a number of seconds.");
  return value;
}

const BASES = { told: "as told", given: "as given", estimated: "estimated" } as const;

function describe(result: ImportResult): string {
  if (result.kind === "choose") {
    const rows = result.accounts.map(({ accountId, username, pageName }) => [
      accountId,
      `@${username}`,
      pageName ?? "–",
    ]);
    return `The token reaches several accounts. Say which with --account.\n${table(["ACCOUNT ID", "ACCOUNT", "PAGE"], rows)}`;
  }
  const rows = result.connections.map(({ connectionId, username, isNew, expiresAt, expiryBasis }) => [
    connectionId,
    `@${username}`,
    isNew ? "new" : "renewed",
    `${expiresAt.toISOString().slice(0, 10)} (${BASES[expiryBasis]})`,
  ]);
  return table(["CONNECTION", "ACCOUNT", "STATE", "LIVES UNTIL"], rows);
}
