import type { ImportResult } from "@perennial/connections";
import { InvalidArgumentError, type Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { connectionIdOf, userIdOf } from "./connection-named.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";
import { readInput } from "./read-input.ts";
import { table } from "./table.ts";
import { withRuntime } from "./with-runtime.ts";

const LARGEST_INPUT_BYTES = 100_000;

type Options = { expiresIn?: number; connection?: string; user?: string; account?: string[] };

/** `perennial import`: keeps a token that was made elsewhere. It comes on standard input, never as an argument. */
export function importCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("import")
    .description("keep a token that was made elsewhere; it is read from standard input")
    .option("--expires-in <seconds>", "how long it still lives, where Instagram does not say", seconds)
    .option("--connection <id>", "only for this connection's account (id or @username)")
    .option(
      "--user <id>",
      "whose it becomes (id, or @username of theirs); otherwise whoever has the account, or a new user",
    )
    .option("--account <id...>", "which accounts to keep, where the token reaches several")
    .addHelpText(
      "after",
      examples(
        [
          "perennial import < token.txt",
          "grep INSTAGRAM_TOKEN old/.env | perennial import --expires-in 5184000",
          "pbpaste | perennial import --user @acme.shop --json",
        ],
        "Takes a bare token, a line of a .env file, JSON, a URL, a curl command, or a copied answer.",
      ),
    )
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const text = await readInput(output, {
        prompt: "Paste the token, then press Enter and Ctrl-D.",
        largestBytes: LARGEST_INPUT_BYTES,
      });
      await withRuntime(async ({ connections }) => {
        const result = await connections.importToken({
          text,
          userId: options.user === undefined ? null : await userIdOf(connections, options.user),
          trigger: "cli",
          accountIds: options.account ?? null,
          connectionId:
            options.connection === undefined ? null : await connectionIdOf(connections, options.connection),
          expiresInSeconds: options.expiresIn ?? null,
        });
        await connections.sinks.settle(); // there may be no server that does it
        if (json === true) writeJson(output, result);
        else output.out.write(describe(result));
        if (result.kind === "choose") finish(EXIT.usage);
      }, output);
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
