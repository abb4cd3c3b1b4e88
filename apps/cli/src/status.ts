import type { Connections, ConnectionState, ConnectionView } from "@perennial/connections";
import { Option, type Command } from "commander";

import { CONNECTION_ARGUMENT, connectionIdOf, userIdOf } from "./connection-named.ts";
import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { needCell, needOf, needsReconnect } from "./need.ts";
import { createJsonList, createProgress, isTerminal, writeAll, writeJson, type Output } from "./output.ts";
import { describeDetail, lookAt } from "./status-detail.ts";
import { createTablePages, type Cell } from "./table.ts";
import { timeBetween } from "./time-between.ts";
import { withRuntime } from "./with-runtime.ts";

const PAGE = 500;
const HEAD = ["CONNECTION", "ACCOUNT", "STATE", "TIME LEFT", "NEXT REFRESH", "NEEDS", "PROBLEM"];
const STATES: readonly ConnectionState[] = [
  "healthy",
  "due",
  "urgent",
  "failing",
  "ending",
  "reconnect_required",
  "expired",
];

type Options = { state?: ConnectionState; user?: string };

const EXPLANATION =
  "Ends with 3 when a connection that is shown works again only once its person has signed in. NEEDS says who has to act.";

/** `perennial status`: every connection and how it is doing, or one with all that is known of it. */
export function statusCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("status")
    .description("show every connection, with time left and next refresh, or one in detail")
    .argument("[connection]", CONNECTION_ARGUMENT)
    .addOption(new Option("--state <state>", "only those in this state").choices([...STATES]))
    .option("--user <id>", "only this user's (id, or @username of an account they have)")
    .addHelpText(
      "after",
      examples(
        [
          "perennial status",
          "perennial status @acme.shop",
          "perennial status --state reconnect_required --json",
        ],
        EXPLANATION,
      ),
    )
    .action(async (named: string | undefined, options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      if (named !== undefined && (options.state !== undefined || options.user !== undefined))
        command.error("error: --state and --user go without a connection");
      await withRuntime(async ({ connections }) => {
        if (named === undefined) {
          finish(await showAll(connections, options, json === true, output));
          return;
        }
        const detail = await lookAt(connections, await connectionIdOf(connections, named));
        if (json === true) writeJson(output, detail);
        else output.out.write(describeDetail(detail, connections.now(), output.out));
        finish(needsReconnect(detail) ? EXIT.reconnectRequired : EXIT.fine);
      }, output);
    });
}

async function showAll(
  connections: Connections,
  { state, user }: Options,
  isJson: boolean,
  { out, err }: Output,
): Promise<number> {
  const now = connections.now();
  const list = createJsonList(out);
  const tablePage = createTablePages(HEAD, out);
  const progress = isTerminal(out) ? null : createProgress(err); // the table itself shows how far it is
  let shown = 0;
  let seen = 0;
  let needPerson = 0;
  for await (const page of pagesOf(connections, user)) {
    const views = page.filter((view) => state === undefined || view.state === state);
    seen += page.length;
    shown += views.length;
    needPerson += views.filter(needsReconnect).length;
    progress?.show(`${seen} connections`);
    if (out.destroyed) break;
    if (isJson) await list.add(views);
    else if (views.length > 0) await writeAll(out, tablePage(views.map((view) => rowOf(view, now))));
  }
  progress?.clear();
  if (isJson) list.end();
  else if (shown === 0) out.write(seen === 0 ? NONE : "None.\n");
  return needPerson > 0 ? EXIT.reconnectRequired : EXIT.fine;
}

const NONE = "No connections yet. Sign in on the web app, or with `perennial auth-url`, to add one.\n";

async function* pagesOf(
  connections: Connections,
  user: string | undefined,
): AsyncGenerator<ConnectionView[]> {
  if (user !== undefined) {
    yield (await connections.findUser(await userIdOf(connections, user))).connections;
    return;
  }
  for (let after: string | null = null; ;) {
    const page: ConnectionView[] = await connections.page({ after, limit: PAGE });
    yield page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

function rowOf(view: ConnectionView, now: Date): Cell[] {
  const { life } = view;
  return [
    view.id,
    `@${view.username}`,
    view.state.replaceAll("_", " "),
    life === null ? "–" : timeBetween(now, life.expiresAt),
    life === null || life.nextRefreshAt === null ? "–" : timeBetween(now, life.nextRefreshAt),
    needCell(needOf(view)),
    view.problem?.message ?? "",
  ];
}
