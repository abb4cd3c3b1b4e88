import type { Connections, UserView } from "@perennial/connections";
import type { Command } from "commander";

import { userIdOf } from "./connection-named.ts";
import { examples } from "./help-text.ts";
import { createJsonList, writeAll, writeJson, type Output, type Terminal } from "./output.ts";
import { createTablePages, table, type Cell } from "./table.ts";
import { marked, needOf, NEEDS } from "./need.ts";
import { minuteOf } from "./time-between.ts";
import { withRuntime } from "./with-runtime.ts";

const PAGE = 500;
const EXAMPLES = [
  "perennial users",
  "perennial users list --json",
  "perennial users show @acme.shop",
  "perennial users end-sessions @acme.shop",
];

/** `perennial users`: who has connected what. */
export function usersCommand(program: Command, output: Output): void {
  const users = program
    .command("users")
    .description("list who has connected what, and end sessions; --user of other commands takes these ids")
    .addHelpText("after", examples(EXAMPLES));
  users
    .command("list", { isDefault: true })
    .description("every user with their accounts")
    .addHelpText("after", examples(["perennial users list", "perennial users list --json"]))
    .action(async (_options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(({ connections }) => list(connections, json === true, output), output);
    });
  users
    .command("show")
    .description("one user with their connections")
    .argument("<user>", "their id, or @username of an account they have")
    .addHelpText("after", examples(["perennial users show usr_…", "perennial users show @acme.shop --json"]))
    .action(async (named: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const user = await connections.findUser(await userIdOf(connections, named));
        if (json === true) writeJson(output, user);
        else output.out.write(describe(user, output.out));
      }, output);
    });
  addEndSessions(users, output);
}

function addEndSessions(users: Command, output: Output): void {
  users
    .command("end-sessions")
    .description("sign one user out everywhere, in every process at once")
    .argument("<user>", "their id, or @username of an account they have")
    .addHelpText(
      "after",
      examples(["perennial users end-sessions usr_…", "perennial users end-sessions @acme.shop --json"]),
    )
    .action(async (named: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const { id: userId } = await connections.findUser(await userIdOf(connections, named));
        const ended = await connections.revokeSessions({ userId, sessionId: null });
        if (json === true) writeJson(output, { userId, ended });
        else output.out.write(`Ended ${ended === 1 ? "1 session" : `${ended} sessions`} of ${userId}.\n`);
      }, output);
    });
}

async function list(connections: Connections, isJson: boolean, { out }: Output): Promise<void> {
  const elements = createJsonList(out);
  const tablePage = createTablePages(["USER", "SINCE", "ACCOUNTS"]);
  let count = 0;
  for (let after: string | null = null; !out.destroyed;) {
    const page: Awaited<ReturnType<Connections["pageUsers"]>> = await connections.pageUsers({
      after,
      limit: PAGE,
    });
    count += page.length;
    if (isJson) await elements.add(page);
    else if (page.length > 0) await writeAll(out, tablePage(page.map(rowOf)));
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) break;
  }
  if (isJson) elements.end();
  else if (count === 0) out.write("No users yet. The first sign-in makes one.\n");
}

function rowOf({ id, createdAt, accounts }: Awaited<ReturnType<Connections["pageUsers"]>>[number]): string[] {
  const names = accounts.map(({ username, status }) =>
    status === "active" ? `@${username}` : marked("person", `@${username} (${status.replaceAll("_", " ")})`),
  );
  return [id, minuteOf(createdAt), names.join(", ")];
}

function describe({ id, createdAt, connections }: UserView, out: Terminal): string {
  const rows = connections.map((view): Cell[] => [
    view.id,
    `@${view.username}`,
    view.flavour,
    { text: marked(needOf(view), view.state.replaceAll("_", " ")), colour: NEEDS[needOf(view)].colour },
    view.life === null ? "–" : minuteOf(view.life.expiresAt),
  ]);
  const head = ["CONNECTION", "ACCOUNT", "LOGIN", "STATE", "LIVES UNTIL"];
  return `${id}, since ${minuteOf(createdAt)}\n${rows.length === 0 ? "No connections.\n" : table(head, rows, out)}`;
}
