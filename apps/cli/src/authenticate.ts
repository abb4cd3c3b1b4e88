import type { AccountChoice, TerminalSignInResult } from "@perennial/connections";
import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";
import { readInput } from "./read-input.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";
import { withRuntime } from "./with-runtime.ts";

type Options = { code?: string; state?: string; account?: string[] };

const LARGEST_INPUT_BYTES = 20_000;

const EXPLANATION = `Paste the whole address that the browser was sent to. A code alone will do where one sign-in waits; where several do,
give its state with it. Without --code, or with --code -, it is read from standard input: prefer that, for arguments can
be seen in the list of processes by everybody on this machine. (A code works once, within minutes, and only together with
the app's secret and this site's key.)

Where a Facebook login reaches several accounts, they are listed and nothing is kept yet: run the same again with
--account. The same again within ten minutes is harmless.`;

/** `perennial authenticate`: finishes a sign-in that `auth-url` began. */
export function authenticateCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("authenticate")
    .description("finish a sign-in with the address that the browser was sent to, or its code")
    .option("--code <code>", "the code or the whole address; - or nothing for standard input")
    .option("--state <state>", "the state that came with a bare code")
    .option("--account <id...>", "which accounts to connect, where the login reaches several")
    .addHelpText(
      "after",
      examples(
        [
          "perennial authenticate",
          "pbpaste | perennial authenticate --json",
          'perennial authenticate --code "https://localhost:5173/auth/instagram/callback?code=…&state=…"',
          "perennial authenticate --account 17841401234567891 17841401234567892",
        ],
        EXPLANATION,
      ),
    )
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const text = await textOf(options, output);
      await withRuntime(async ({ connections }) => {
        const result = await connections.completeTerminalSignIn({
          text,
          state: options.state ?? null,
          accountIds: options.account ?? null,
        });
        await connections.sinks.settle(); // there may be no server that does it
        if (json === true) writeJson(output, result);
        else output.out.write(describe(result));
        finish(result.kind === "choose" ? EXIT.usage : EXIT.fine);
      }, output);
    });
}

async function textOf({ code }: Options, output: Output): Promise<string> {
  const isGiven = code !== undefined && code !== "-";
  const text = isGiven
    ? code
    : await readInput(output, {
        prompt: "Paste the address that the browser was sent to, then press Enter and Ctrl-D.",
        largestBytes: LARGEST_INPUT_BYTES,
      });
  if (text.trim() !== "") return text;
  throw new UsageError("code_missing", "There is neither a code nor an address.", "Paste the whole address.");
}

function describe(result: TerminalSignInResult): string {
  if (result.kind === "choose") return describeChoice(result.choice);
  const rows = result.connections.map(({ id, username, state, life }) => [
    id,
    `@${username}`,
    state.replaceAll("_", " "),
    life === null ? "–" : life.expiresAt.toISOString().slice(0, 10),
  ]);
  return `Signed in, as ${result.userId}.\n${table(["CONNECTION", "ACCOUNT", "STATE", "LIVES UNTIL"], rows)}`;
}

function describeChoice({ accounts, unusable, emptyBecause }: AccountChoice): string {
  const others = unusable
    .map(({ name, reason }) => `Not to be had: the Page "${name}" (${reason}).\n`)
    .join("");
  if (accounts.length === 0)
    return `There is no account to choose from (${emptyBecause ?? "none was shared"}).\n${others}`;
  const rows = accounts.map(({ accountId, username, page, standing }) => [
    accountId,
    `@${username}`,
    page?.name ?? "–",
    standing,
  ]);
  return `The login reaches several accounts. Run the same again, and say which with --account.\n${table(
    ["ACCOUNT ID", "ACCOUNT", "PAGE", "STANDING"],
    rows,
  )}${others}`;
}
