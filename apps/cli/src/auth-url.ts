import type { BegunTerminalSignIn } from "@perennial/connections";
import { Option, type Command } from "commander";

import { connectionIdOf, userIdOf } from "./connection-named.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import { withRuntime } from "./with-runtime.ts";

type Options = {
  flavour?: "instagram" | "facebook";
  user?: string;
  reconnect?: string;
  forceReauth?: boolean;
};

const EXPLANATION = `Open the address in any browser, also on another machine, and allow the connection. The browser is then sent to the
redirect address. Where the web app runs there, its page says what to copy; where nothing runs, the page cannot be
opened, which is as it should be: what is needed is in the address bar. Bring that address to \`perennial authenticate\`
within ten minutes. Nothing is kept on this machine in between.`;

/** `perennial auth-url`: begins a sign-in, and says where a person allows it. */
export function authUrlCommand(program: Command, output: Output): void {
  program
    .command("auth-url")
    .description("begin a sign-in: print the address where a person allows it")
    .addOption(
      new Option(
        "--flavour <flavour>",
        "Instagram Login or Facebook Login; the first that is set up",
      ).choices(["instagram", "facebook"]),
    )
    .option("--user <id>", "whose the account becomes (id, or @username of an account they have)")
    .option("--reconnect <connection>", "only the account of this connection will do (id or @username)")
    .option("--force-reauth", "have Instagram ask which account, even when one is signed in there")
    .addHelpText(
      "after",
      examples(
        [
          "perennial auth-url",
          "perennial auth-url --flavour facebook --user usr_…",
          "perennial auth-url --reconnect @acme.shop --json",
        ],
        EXPLANATION,
      ),
    )
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const flavour = options.flavour ?? connections.flavours[0];
        if (flavour === undefined)
          throw new UsageError("flavour_missing", "No login is set up.", "See `perennial doctor`.");
        const begun = await connections.beginTerminalSignIn({
          flavour,
          userId: options.user === undefined ? null : await userIdOf(connections, options.user),
          connectionId:
            options.reconnect === undefined ? null : await connectionIdOf(connections, options.reconnect),
          forceReauth: options.forceReauth === true,
        });
        if (json === true) writeJson(output, begun);
        else output.out.write(describe(begun));
      }, output);
    });
}

function describe({ authorizationUrl, redirectUri, expiresAt }: BegunTerminalSignIn): string {
  return `Open this address in a browser and allow the connection, before ${clockTime(expiresAt)}:

  ${authorizationUrl}

You are then sent to ${redirectUri}?code=…
Where no server runs, that page cannot be opened. That is fine: copy the whole address out of the address bar, and
paste it here:

  perennial authenticate
`;
}

function clockTime(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}
