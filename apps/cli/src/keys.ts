import { KEY_ACTIONS, type ApiKeyAction, type ApiKeyView, type Connections } from "@perennial/connections";
import { InvalidArgumentError, type Command } from "commander";
import { writeFileSync } from "node:fs";

import { EXIT } from "./exit-codes.ts";
import type { Output } from "./program.ts";
import { table } from "./table.ts";
import { withRuntime } from "./with-runtime.ts";

const DAY_MS = 86_400_000;

type Common = { json?: boolean; user?: string };
type CreateOptions = Common & {
  name: string;
  action?: ApiKeyAction[];
  connection?: string[];
  address?: string[];
  expiresInDays?: number;
  reveal?: boolean;
  output?: string;
};

/** `perennial keys`: keys for other code. A secret is shown once, and only to whoever says how. */
export function keysCommand(program: Command, output: Output, finish: (code: number) => void): void {
  const keys = program.command("keys").description("list, make and revoke keys for the HTTP interface");
  const asUser = (command: Command): Command =>
    command.option("--user <id>", "whose keys; not needed where there is one person only");
  const withUser = async (
    command: Command,
    work: (connections: Connections, userId: string, json: boolean) => Promise<void>,
  ): Promise<void> => {
    const { json = false, user } = command.optsWithGlobals<Common>();
    await withRuntime(async ({ connections }) => {
      const userId = user ?? (await connections.findOnlyUser());
      if (userId !== null) return await work(connections, userId, json);
      output.err.write("There is not exactly one person here. Say whose keys with --user.\n");
      finish(EXIT.usage);
    });
  };

  asUser(keys.command("list").description("show keys, newest first, revoked ones too")).action(
    async (_options, command: Command) =>
      await withUser(command, async (connections, userId, json) => {
        const list = await connections.listApiKeys(userId);
        output.out.write(json ? `${JSON.stringify(list, null, 2)}\n` : describe(list));
      }),
  );

  asUser(keys.command("create").description("make a key"))
    .requiredOption("--name <name>", "what it is for")
    .option("--action <action...>", `what it may do: ${KEY_ACTIONS.join(", ")} (read and token)`, actionOf)
    .option("--connection <id...>", "only for these connections; otherwise for all, later ones too")
    .option("--address <address...>", "only from these addresses or ranges, such as 192.0.2.0/24")
    .option("--expires-in-days <days>", "when it ends by itself; otherwise never", daysOf)
    .option("--reveal", "print the secret, this once")
    .option("--output <file>", "write the secret to a new file that only you can read")
    .addHelpText(
      "after",
      "\nExamples:\n  perennial keys create --name uploader --output uploader.key\n  perennial keys create --name reader --action read --expires-in-days 90 --reveal",
    )
    .action(async (options: CreateOptions, command: Command) => {
      if (options.reveal !== true && options.output === undefined) {
        output.err.write(
          "Say where the secret goes: --output <file>, or --reveal to print it. It is shown once.\n",
        );
        finish(EXIT.usage);
        return;
      }
      await withUser(command, async (connections, userId, json) => {
        const { key, secret } = await connections.createApiKey({
          userId,
          name: options.name,
          actions: options.action ?? ["read", "token"],
          connectionIds: options.connection ?? null,
          allowedAddresses: options.address ?? null,
          expiresAt:
            options.expiresInDays === undefined
              ? null
              : new Date(Date.now() + options.expiresInDays * DAY_MS),
        });
        if (options.output !== undefined)
          await keepSecret(connections, { userId, id: key.id, secret, file: options.output });
        const shown = options.reveal === true ? { key, secret } : { key };
        if (json) output.out.write(`${JSON.stringify(shown)}\n`);
        else output.out.write(`${describe([key])}${options.reveal === true ? `\n${secret}\n` : ""}`);
      });
    });

  asUser(keys.command("revoke").description("end a key at once, in every process"))
    .argument("<key>", "the id that `perennial keys list` shows")
    .action(
      async (id: string, _options, command: Command) =>
        await withUser(command, async (connections, userId, json) => {
          await connections.revokeApiKey({ userId, id });
          output.out.write(json ? `${JSON.stringify({ revoked: id })}\n` : `Revoked ${id}.\n`);
        }),
    );
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

function actionOf(text: string, before: ApiKeyAction[] = []): ApiKeyAction[] {
  const action = KEY_ACTIONS.find((known) => known === text);
  if (action === undefined) throw new InvalidArgumentError(`It is one of ${KEY_ACTIONS.join(", ")}.`);
  return [...before, action];
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!/^\d{1,5}$/.test(text) || days === 0) throw new InvalidArgumentError("It is a number of days.");
  return days;
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
