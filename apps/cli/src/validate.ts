import type { Validation } from "@perennial/connections";
import type { Command } from "commander";

import { exitCodeOfProblem, EXIT } from "./exit-codes.ts";
import { CONNECTION_ARGUMENT, connectionIdOf } from "./connection-named.ts";
import { failureSentence } from "./failure.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output, type Terminal } from "./output.ts";
import { withRuntime } from "./with-runtime.ts";

/** `perennial validate`: proof of life of one connection. */
export function validateCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("validate")
    .description("prove that a connection's token works, for the same account and with which scopes")
    .argument("<connection>", CONNECTION_ARGUMENT)
    .addHelpText("after", examples(["perennial validate @acme.shop", "perennial validate con_… --json"]))
    .action(async (named: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const connectionId = await connectionIdOf(connections, named);
        const result = await connections.validate({ connectionId, userId: null, trigger: "cli" });
        if (json === true) writeJson(output, result);
        else output.out.write(`${lines(result, output.out).join("\n")}\n`);
        finish(result.problem === null ? EXIT.fine : exitCodeOfProblem(result.problem.code));
      }, output);
    });
}

function lines(
  { problem, account, permissions, missingScopes, quota, changes, traceId }: Validation,
  out: Terminal,
): string[] {
  const found =
    problem === null
      ? `The token works for @${account?.username ?? "?"} (${account?.accountType ?? "unknown"}).`
      : failureSentence(
          out,
          exitCodeOfProblem(problem.code),
          `The token does not work: ${problem.message} ${problem.cure}`,
        );
  return [
    found,
    ...(traceId === null ? [] : [`Meta's trace id: ${traceId}`]),
    `Scopes: ${permissions === null ? "not told" : permissions.join(", ")}`,
    ...missingScopes.map(({ scope, purpose }) => `Missing: ${scope}. ${purpose}`),
    ...(quota === null ? [] : [`Published lately: ${quota.used} of ${quota.total ?? "an unknown number"}`]),
    ...changes.map(({ what, before, after }) => `Changed: ${what}, from "${before}" to "${after}"`),
  ];
}
