import { KEY_ACTIONS, type ApiKeyAction, type ApiKeyView, type Connections } from "@perennial/connections";
import { Option, type Command } from "commander";
import { writeFileSync } from "node:fs";

import { connectionIdOf, userIdOf } from "./connection-named.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";
import { withRuntime } from "./with-runtime.ts";

const DAY_MS = 86_400_000;

type Common = { json?: boolean; user?: string };
type CreateOptions = {
  name: string;
  action: ApiKeyAction[];
  connection?: string[];
  address?: string[];
  expiresInDays?: string;
  reveal?: boolean;
  output?: string;
};
type Work = (connections: Connections, userId: string, isJson: boolean) => Promise<void>;
type WithUser = (command: Command, work: Work) => Promise<void>;

/** `perennial keys`: keys for other code. A secret is shown once, and only to whoever says how. */
export function keysCommand(program: Command, output: Output): void {
  const keys = program
    .command("keys")
    .description("list, make and revoke keys for the HTTP interface")
    .addHelpText("after", examples(["perennial keys list", "perennial keys create --name reader --reveal"]));
  const withUser: WithUser = async (command, work) => {
    const { json, user } = command.optsWithGlobals<Common>();
    await withRuntime(
      async ({ connections }) => work(connections, await ownerOf(connections, user), json === true),
      output,
    );
  };
  addList(keys, output, withUser);
  addCreate(keys, output, withUser);
  addRevoke(keys, output, withUser);
}

function subcommand(keys: Command, name: string, description: string): Command {
  return keys
    .command(name)
    .description(description)
    .option(
      "--user <id>",
      "whose (id, or @username of an account they have); not needed where there is one user",
    );
}

/** Who is named, or the only user there is. @throws {UsageError} when that is nobody or not clear */
async function ownerOf(connections: Connections, named: string | undefined): Promise<string> {
  if (named !== undefined) return await userIdOf(connections, named);
  const [only, other] = await connections.pageUsers({ after: null, limit: 2 });
  if (only !== undefined && other === undefined) return only.id;
  const message = only === undefined ? "There is no user yet." : "There is more than one user.";
  const cure = only === undefined ? "The first sign-in makes one." : "Say whose keys with --user.";
  throw new UsageError("user_not_named", message, cure);
}

function addList(keys: Command, output: Output, withUser: WithUser): void {
  subcommand(keys, "list", "show keys, newest first, revoked ones too")
    .addHelpText("after", examples(["perennial keys list", "perennial keys list --user @acme.shop --json"]))
    .action((_options, command: Command) =>
      withUser(command, async (connections, userId, isJson) => {
        const list = await connections.listApiKeys(userId);
        if (isJson) writeJson(output, list);
        else output.out.write(describe(list));
      }),
    );
}

function addCreate(keys: Command, output: Output, withUser: WithUser): void {
  const action = new Option("--action <action...>", "what it may do").choices([...KEY_ACTIONS]);
  subcommand(keys, "create", "make a key; its secret is shown or written once")
    .requiredOption("--name <name>", "what it is for")
    .addOption(action.default(["read", "token"]))
    .option("--connection <connection...>", "only for these; otherwise for all, later ones too")
    .option("--address <address...>", "only from these addresses or ranges, such as 192.0.2.0/24")
    .option("--expires-in-days <days>", "when it ends by itself; otherwise never")
    .option("--reveal", "print the secret, this once")
    .option("--output <file>", "write the secret to a new file that only you can read")
    .addHelpText(
      "after",
      examples([
        "perennial keys create --name uploader --action token --output uploader.key",
        "perennial keys create --name reader --action read --expires-in-days 90 --reveal",
      ]),
    )
    .action(async (options: CreateOptions, command: Command) => {
      const expiresAt = endOf(options.expiresInDays);
      if (options.reveal !== true && options.output === undefined)
        throw new UsageError(
          "secret_unplaced",
          "The secret is shown once, and nobody said where.",
          "Add --output <file>, or --reveal to print it.",
        );
      await withUser(command, async (connections, userId, isJson) => {
        const { key, secret } = await connections.createApiKey({
          userId,
          expiresAt,
          name: options.name,
          actions: options.action,
          connectionIds: await connectionIdsOf(connections, options.connection),
          allowedAddresses: options.address ?? null,
        });
        const { output: file } = options;
        if (file !== undefined) await keepSecret(connections, { userId, id: key.id, secret, file });
        const isShown = options.reveal === true;
        if (isJson) writeJson(output, isShown ? { key, secret } : { key });
        else output.out.write(`${describe([key])}${isShown ? `\n${secret}\n` : ""}`);
      });
    });
}

function addRevoke(keys: Command, output: Output, withUser: WithUser): void {
  subcommand(keys, "revoke", "end a key at once, in every process")
    .argument("<key>", "its id, as `perennial keys list` shows it")
    .addHelpText("after", examples(["perennial keys revoke key_…", "perennial keys revoke key_… --json"]))
    .action((id: string, _options, command: Command) =>
      withUser(command, async (connections, userId, isJson) => {
        await connections.revokeApiKey({ userId, id });
        if (isJson) writeJson(output, { revoked: id });
        else output.out.write(`Revoked ${id}. It is refused from the next request on.\n`);
      }),
    );
}

async function connectionIdsOf(
  connections: Connections,
  named: readonly string[] | undefined,
): Promise<string[] | null> {
  if (named === undefined) return null;
  return await Promise.all(named.map((text) => connectionIdOf(connections, text)));
}

/** A secret that could not be kept is of no use to anybody: its key is revoked. */
async function keepSecret(
  connections: Connections,
  { userId, id, secret, file }: { userId: string; id: string; secret: string; file: string },
): Promise<void> {
  try {
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    await connections.revokeApiKey({ userId, id });
    throw error;
  }
}

function endOf(days: string | undefined): Date | null {
  if (days === undefined) return null;
  if (!/^[1-9]\d{0,4}$/.test(days))
    throw new UsageError(
      "days_invalid",
      "--expires-in-days takes a whole number of days.",
      "For example 90.",
    );
  return new Date(Date.now() + Number(days) * DAY_MS);
}

function describe(keys: readonly ApiKeyView[]): string {
  if (keys.length === 0) return "No keys yet. Make one with `perennial keys create`.\n";
  const day = (at: Date | null) => at?.toISOString().slice(0, 10) ?? "–";
  const rows = keys.map((key) => [
    key.id,
    key.name,
    `…${key.hint}`,
    key.actions.join(" "),
    key.connectionIds === null ? "all" : String(key.connectionIds.length),
    day(key.lastUsedAt),
    key.revokedAt === null ? day(key.expiresAt) : `revoked ${day(key.revokedAt)}`,
  ]);
  return table(["KEY", "NAME", "SECRET", "MAY", "CONNECTIONS", "LAST USED", "ENDS"], rows);
}
