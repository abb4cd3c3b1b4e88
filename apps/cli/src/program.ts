import { OPERATOR, actingAs } from "@perennial/connections";
import { Command, CommanderError } from "commander";

import { auditCommand } from "./audit.ts";
import { authUrlCommand } from "./auth-url.ts";
import { authenticateCommand } from "./authenticate.ts";
import { backupCommand } from "./backup.ts";
import { completionCommand } from "./completion/completion.ts";
import { doctorCommand } from "./doctor.ts";
import { importCommand } from "./import.ts";
import { keysCommand } from "./keys.ts";
import { moveCommand } from "./move.ts";
import { refreshCommand } from "./refresh.ts";
import { restoreCommand } from "./restore.ts";
import { rotateKeysCommand } from "./rotate-keys.ts";
import { statusCommand } from "./status.ts";
import { simulateCommand } from "./simulate.ts";
import { sinksCommand } from "./sinks.ts";
import { sweepCommand } from "./sweep.ts";
import { usersCommand } from "./users.ts";
import { validateCommand } from "./validate.ts";
import { EXIT } from "./exit-codes.ts";
import { failureLine, failureOf, failureSentence } from "./failure.ts";
import { hasBegun, type Output } from "./output.ts";

export type { Output };

type AddCommand = (program: Command, output: Output, finish: (code: number) => void) => void;

/** Every command, under the heading that the help shows it. */
const GROUPS: Readonly<Record<string, readonly AddCommand[]>> = {
  "Signing in:": [authUrlCommand, authenticateCommand, importCommand],
  "Connections:": [statusCommand, validateCommand, refreshCommand, sweepCommand, sinksCommand, usersCommand],
  "Running this site:": [
    doctorCommand,
    keysCommand,
    auditCommand,
    backupCommand,
    restoreCommand,
    rotateKeysCommand,
    moveCommand,
    simulateCommand,
  ],
  "Shell:": [completionCommand],
};

const HELP = `
Exit codes:
  0  fine                   3  a person has to sign in (again)
  1  unexpected             4  a failure that may pass: try again later
  2  wrong use              5  a fault of the configuration
  130, 143  stopped by Ctrl-C or SIGTERM

Environment: the same as the servers' (DATABASE_URL, INSTAGRAM_CLIENT_ID, TOKEN_KEYS, …), from the environment or .env;
see README.md. LOG_LEVEL makes it log; NO_COLOR keeps it from colours.

Secrets are read from standard input or the environment, never from arguments. With --json a failure is JSON too, on
standard output: {"error":{"code":…,"message":…,"cure":…,"retryable":…,"exitCode":…}}.

Examples:
  perennial auth-url
  perennial status --state failing
  perennial sweep --json`;

/** The tree of commands, for whoever runs, completes or documents them. */
export function buildCommands(
  output: Output,
  finish: (code: number) => void,
  { isQuiet }: { isQuiet: boolean } = { isQuiet: false },
): Command {
  const program = new Command("perennial")
    .description("Looks after Instagram connections from the terminal, with or without running servers.")
    .option("--json", "print JSON instead of a table")
    .showSuggestionAfterError(true)
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out.write(text),
      writeErr: (text) => void (isQuiet || output.err.write(text)),
      outputError: (text, write) =>
        write(failureSentence(output.err, EXIT.usage, text.replace(/^error: /, ""))),
    });
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, output, finish);
  }
  return program;
}

/** The `perennial` command. */
export function buildProgram(output: Output): { run(args: string[]): Promise<number> } {
  return {
    run: async (args) => {
      const isJson = args.includes("--json");
      let exitCode: number = EXIT.fine;
      const finish = (code: number): void => {
        exitCode = code;
      };
      // Its complaints about wrong use are part of the JSON then.
      const program = buildCommands(output, finish, { isQuiet: isJson });
      try {
        // Whoever has the keys of this site acts as its operator.
        const operator = { actor: OPERATOR, requestId: null, clientNetwork: null };
        await actingAs(operator, () => program.parseAsync(args, { from: "user" }));
        return exitCode;
      } catch (error) {
        return fail(error, isJson, output);
      }
    },
  };
}

function fail(error: unknown, isJson: boolean, { out, err }: Output): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
  const failure = failureOf(error);
  // What has begun on standard output cannot be taken back: the rest is said beside it.
  if (isJson) (hasBegun(out) ? err : out).write(`${JSON.stringify({ error: failure })}\n`);
  else if (!(error instanceof CommanderError)) err.write(failureLine(error, err));
  return failure.exitCode;
}
