import { EXPLANATIONS, type ConnectionErrorCode, type RefreshResult } from "@perennial/connections";
import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { CONNECTION_ARGUMENT, connectionIdOf } from "./connection-named.ts";
import { failureSentence } from "./failure.ts";
import { examples } from "./help-text.ts";
import { needAfter } from "./need.ts";
import { writeJson, type Output, type Terminal } from "./output.ts";
import { withRuntime } from "./with-runtime.ts";

/** `perennial refresh`: one connection, now. */
export function refreshCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("refresh")
    .description("refresh one connection now")
    .argument("<connection>", CONNECTION_ARGUMENT)
    .option("--force", "also when the token has more than its refresh lead left")
    .addHelpText(
      "after",
      examples(["perennial refresh @acme.shop", "perennial refresh con_… --force --json"]),
    )
    .action(async (named: string, options: { force?: boolean }, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const connectionId = await connectionIdOf(connections, named);
        const force = options.force === true;
        const result = await connections.refresh({ connectionId, userId: null, trigger: "cli", force });
        await connections.sinks.settle(); // there may be no server that does it
        if (json === true) writeJson(output, result);
        else output.out.write(`${describe(result, output.out)}\n`);
        finish(exitCode(result));
      }, output);
    });
}

function describe(result: RefreshResult, out: Terminal): string {
  const code = exitCode(result);
  return code === EXIT.fine ? sentence(result) : failureSentence(out, code, sentence(result));
}

function sentence(result: RefreshResult): string {
  switch (result.kind) {
    case "refreshed":
      return `Refreshed. It now lives until ${result.expiresAt.toISOString()}.`;
    case "not_due":
      return `Not due before ${result.dueAt.toISOString()}; nothing was done. --force refreshes all the same.`;
    case "too_young":
      return `Instagram renews a token only once it is a day old: not before ${result.refreshableAt.toISOString()}.`;
    case "failed":
      return `It failed (${result.code}). ${explained(result.code)}The next attempt is at ${result.nextRefreshAt.toISOString()}.`;
    case "paused":
      return `It fails for many connections alike (${result.code}). ${explained(result.code)}The next look is at ${result.nextProbeAt.toISOString()}.`;
    case "reconnect_required":
      return `The person has to sign in again (${result.code}).`;
    case "in_progress":
      return "Another process is refreshing this connection and has not finished yet.";
    case "superseded":
      return "The connection was changed meanwhile; nothing was written.";
  }
}

/** What only whoever runs this site can end is not told as something to wait for. */
function explained(code: ConnectionErrorCode): string {
  if (needAfter(code) !== "operator") return "";
  const { message, cure } = EXPLANATIONS[code];
  return `${message} ${cure} `;
}

function exitCode(result: RefreshResult): number {
  switch (result.kind) {
    case "reconnect_required":
      return EXIT.reconnectRequired;
    case "failed":
    case "paused":
      return needAfter(result.code) === "operator" ? EXIT.configuration : EXIT.temporary;
    case "in_progress":
      return EXIT.temporary;
    default:
      return EXIT.fine;
  }
}
