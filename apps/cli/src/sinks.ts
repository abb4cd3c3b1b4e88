import {
  ConnectionError,
  sinkName,
  sinkSettings,
  type ConnectionErrorCode,
  type Connections,
  type SinkReceiptView,
  type SinkSettings,
  type SinkView,
} from "@perennial/connections";
import type { Command } from "commander";
import path from "node:path";

import { CONNECTION_ARGUMENT, connectionIdOf } from "./connection-named.ts";
import { EXIT, exitCodeOfProblem } from "./exit-codes.ts";
import { markOf } from "./failure.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output, type Terminal } from "./output.ts";
import { settingsOf, type SinkOptions } from "./sink-options.ts";
import { table, type Cell } from "./table.ts";
import { withRuntime } from "./with-runtime.ts";

const PAGE = 500;
const RECEIPTS = 20;

type Finish = (code: number) => void;

/** `perennial sinks`: the places where tokens are read. */
export function sinksCommand(program: Command, output: Output, finish: Finish): void {
  const sinks = program
    .command("sinks")
    .description("the places where tokens are read")
    .addHelpText(
      "after",
      examples([
        "perennial sinks",
        "perennial sinks add @acme.shop env-file --path .env --key INSTAGRAM_TOKEN",
      ]),
    );
  addListCommand(sinks, output, finish);
  addAddCommand(sinks, output, finish);
  addRemoveCommand(sinks, output);
  addTestCommand(sinks, output, finish);
  addReceiptsCommand(sinks, output);
}

function addListCommand(sinks: Command, output: Output, finish: Finish): void {
  sinks
    .command("list", { isDefault: true })
    .description("show who reads a connection's token, or every connection's")
    .argument("[connection]", CONNECTION_ARGUMENT)
    .addHelpText("after", examples(["perennial sinks list", "perennial sinks list @acme.shop --json"]))
    .action(async (named: string | undefined, _options, command: Command) => {
      await withRuntime(async ({ connections }) => {
        const views =
          named === undefined
            ? await listAll(connections)
            : await connections.sinks.list({
                connectionId: await connectionIdOf(connections, named),
                userId: null,
              });
        print(output, command, views, views.length === 0 ? "No sinks yet.\n" : describe(views, output.out));
        if (views.some(({ state }) => state === "failing")) finish(EXIT.temporary);
      }, output);
    });
}

async function listAll(connections: Connections): Promise<SinkView[]> {
  const views: SinkView[] = [];
  for (let after: string | null = null; ;) {
    const page = await connections.page({ after, limit: PAGE });
    for (const { id } of page)
      views.push(...(await connections.sinks.list({ connectionId: id, userId: null })));
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return views;
  }
}

function addAddCommand(sinks: Command, output: Output, finish: Finish): void {
  sinks
    .command("add")
    .description("have a connection's token delivered somewhere, now and after each swap")
    .argument("<connection>", CONNECTION_ARGUMENT)
    .argument("<kind>", "env-file, json-file, redis, upstash, command or webhook")
    .option("--name <name>", "what to call it; its place unless given")
    .option("--path <file>", "env-file, json-file: the file")
    .option("--key <key>", "env-file: the variable; redis, upstash: the key")
    .option("--token <place>", "json-file: where the token goes, as instagram.token or /instagram/token")
    .option("--expires-at <place>", "json-file: where its end goes")
    .option("--account-id <place>", "json-file: where the account's id goes")
    .option("--field <field>", "redis: a field of the hash at the key")
    .option("--url <url>", "webhook, upstash: the address")
    .option("--format <format>", "redis, upstash: json or token", "json")
    .option("--program <file>", "command: the program, with its whole path")
    .option("--arg <arg...>", "command: its arguments")
    .addHelpText(
      "after",
      examples(
        [
          "perennial sinks add @acme.shop env-file --path /srv/site/.env --key INSTAGRAM_TOKEN",
          "perennial sinks add con_… redis --key instagram:token < address.txt",
          "perennial sinks add con_… upstash --url https://….upstash.io --key instagram:token < rest-token.txt",
          "perennial sinks add con_… command --program /usr/local/bin/put-token --arg production",
          "perennial sinks add con_… webhook --url https://example.com/hooks/token",
        ],
        "Secrets are never arguments: the address of a redis sink and the REST token of an upstash sink are taken from\n" +
          "SINK_REDIS_URL and SINK_UPSTASH_TOKEN, or read from standard input.",
      ),
    )
    .action(async (named: string, kind: string, options: SinkOptions, command: Command) => {
      const settings = checked(await settingsOf(kind, options, output));
      await withRuntime(async ({ connections }) => {
        const connectionId = await connectionIdOf(connections, named);
        const name = checkedName(options.name ?? defaultName(settings));
        const request = { id: null, connectionId, userId: null, origin: "operator", name, settings } as const;
        const { sink, webhookSecret } = await connections.sinks.save(request);
        await connections.sinks.settle();
        const views = await connections.sinks.list({ connectionId, userId: null });
        const added = views.find(({ id }) => id === sink.id) ?? sink;
        const secret =
          webhookSecret === null ? "" : `Signed with ${webhookSecret}\nIt is shown this once: keep it now.\n`;
        print(output, command, { sink: added, webhookSecret }, `${describe([added], output.out)}${secret}`);
        if (added.problem !== null) finish(exitCodeOfProblem(added.problem.code));
      }, output);
    });
}

function checked(settings: Record<string, unknown>): SinkSettings {
  const parsed = sinkSettings.safeParse(settings);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "kind"}: ${issue.message}.`);
  throw new ConnectionError("sink_invalid", { detail: problems.join(" ") });
}

function checkedName(name: string): string {
  const parsed = sinkName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new ConnectionError("sink_invalid", { detail: "The name is empty, too long, or no plain text." });
}

function defaultName(settings: SinkSettings): string {
  switch (settings.kind) {
    case "env_file":
    case "json_file":
      return path.basename(settings.path).slice(0, 80);
    case "command":
      return path.basename(settings.program).slice(0, 80);
    case "redis":
    case "upstash":
      return settings.key.slice(0, 80);
    case "webhook":
      return new URL(settings.url).host.slice(0, 80);
  }
}

function addRemoveCommand(sinks: Command, output: Output): void {
  sinks
    .command("remove")
    .description("deliver there no more; what is there stays until the token ends")
    .argument("<sink>", "the id that `perennial sinks list` shows")
    .addHelpText("after", examples(["perennial sinks remove snk_…"]))
    .action(async (id: string, _options, command: Command) => {
      await withRuntime(async ({ connections }) => {
        await connections.sinks.remove({ id, userId: null });
        print(output, command, { removed: true }, "Removed.\n");
      }, output);
    });
}

function addTestCommand(sinks: Command, output: Output, finish: Finish): void {
  sinks
    .command("test")
    .description("deliver the present token now")
    .argument("<sink>", "the id that `perennial sinks list` shows")
    .addHelpText("after", examples(["perennial sinks test snk_…", "perennial sinks test snk_… --json"]))
    .action(async (id: string, _options, command: Command) => {
      await withRuntime(async ({ connections }) => {
        const receipt = await connections.sinks.test({ id, userId: null });
        print(output, command, receipt, receiptTable([receipt], output.out));
        if (receipt.problem !== null) finish(exitCodeOfProblem(receipt.problem.code));
      }, output);
    });
}

function addReceiptsCommand(sinks: Command, output: Output): void {
  sinks
    .command("receipts")
    .description("show what was delivered when, newest first")
    .argument("<sink>", "the id that `perennial sinks list` shows")
    .addHelpText(
      "after",
      examples(["perennial sinks receipts snk_…", "perennial sinks receipts snk_… --json"]),
    )
    .action(async (id: string, _options, command: Command) => {
      await withRuntime(async ({ connections }) => {
        const receipts = await connections.sinks.receipts({ id, userId: null, limit: RECEIPTS });
        print(output, command, receipts, receiptTable(receipts, output.out));
      }, output);
    });
}

function print(output: Output, command: Command, value: unknown, text: string): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  if (json === true) writeJson(output, value);
  else output.out.write(text);
}

function describe(views: readonly SinkView[], out: Terminal): string {
  const rows = views.map((view): Cell[] => [
    view.id,
    view.name,
    view.target,
    view.state,
    view.deliveredAt?.toISOString() ?? "–",
    view.problem === null ? "" : problemCell(view.problem.code, view.problem.message),
  ]);
  return table(["SINK", "NAME", "PLACE", "STATE", "DELIVERED", "PROBLEM"], rows, out);
}

function receiptTable(receipts: readonly SinkReceiptView[], out: Terminal): string {
  const rows = receipts.map(({ startedAt, durationMs, tokenIssuedAt, problem }): Cell[] => [
    startedAt.toISOString(),
    `${durationMs} ms`,
    tokenIssuedAt?.toISOString() ?? "–",
    problem === null ? "delivered" : problemCell(problem.code, `${problem.code}: ${problem.message}`),
  ]);
  return table(["STARTED", "TOOK", "TOKEN OF", "RESULT"], rows, out);
}

function problemCell(code: ConnectionErrorCode, text: string): Cell {
  const { symbol, colour } = markOf(exitCodeOfProblem(code));
  return { text: `${symbol} ${text}`, colour };
}
