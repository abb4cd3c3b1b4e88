import type { Connections, ConnectionView, Deadline, HistoryEntry } from "@perennial/connections";
import type { Writable } from "node:stream";

import { coloured } from "./colour.ts";
import { marked, NEEDS, needAfter, needOf, type Need } from "./need.ts";
import { table, withoutControls, type Cell } from "./table.ts";
import { minuteOf, timeBetween } from "./time-between.ts";

const LAST_ENTRIES = 10;

/** All that is known of one connection, with whose it is and its last history. */
export type ConnectionDetail = ConnectionView & { userId: string; history: HistoryEntry[] };

/** Looks at one connection. @throws {ConnectionError} `connection_not_found` */
export async function lookAt(connections: Connections, connectionId: string): Promise<ConnectionDetail> {
  const { userId, connection } = await connections.findConnection(connectionId);
  const history = await connections.history({ userId, connectionId, limit: LAST_ENTRIES, before: null });
  return { ...connection, userId, history };
}

/** The same for a person. */
export function describeDetail(detail: ConnectionDetail, now: Date, out: Writable): string {
  const { problem, life, deadlines, page, permissions } = detail;
  const nextRefreshAt = life?.nextRefreshAt ?? null;
  const need = needOf(detail);
  const { word, colour } = NEEDS[need];
  const lines: [string, string][] = [
    ["connection", detail.id],
    ["account", `@${detail.username} (${detail.accountType}, ${detail.accountId})`],
    ["user", detail.userId],
    ["login", page === null ? detail.flavour : `${detail.flavour}, by the Page "${page.name}"`],
    ["state", coloured(out, colour, detail.state.replaceAll("_", " "))],
    ["needs", coloured(out, colour, marked(need, word))],
    ...(problem === null
      ? []
      : ([["problem", marked(need, `${problem.message} ${problem.cure} (${problem.code})`)]] as [
          string,
          string,
        ][])),
    ["next refresh", nextRefreshAt === null ? "–" : instant(nextRefreshAt, now)],
    ["chances left", life === null ? "–" : String(life.chancesLeft)],
    ...(deadlines === null
      ? []
      : ([
          ["token expiry", deadline(deadlines.tokenExpiry, now)],
          ["earliest refresh", deadline(deadlines.earliestRefresh, now)],
          ["data access ends", deadline(deadlines.dataAccessEnd, now)],
          ["last proof", deadline(deadlines.lastProof, now)],
        ] as [string, string][])),
    ["scopes", permissions === null ? "not told" : permissions.join(", ")],
    ...detail.missingScopes.map(({ scope, purpose }): [string, string] => [
      "missing",
      `${scope}. ${purpose}`,
    ]),
    ["connected", minuteOf(detail.connectedAt)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  const text = lines.map(([name, value]) => `${name.padEnd(width)}${clean(value)}\n`).join("");
  return `${text}\n${describeHistory(detail.history, out)}`;
}

/** Colours are ours; what people named is not. */
function clean(value: string): string {
  return value.startsWith("\u001B[") ? value : value.replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}");
}

function describeHistory(history: readonly HistoryEntry[], out: Writable): string {
  const rows = history.map(({ startedAt, kind, trigger, outcome, problem, errorCode, traceId }): Cell[] => [
    minuteOf(startedAt),
    kind.replaceAll("_", " "),
    trigger,
    outcome === "succeeded" ? "succeeded" : failureCell(needAfter(problem?.code ?? "unknown"), errorCode),
    withoutControls(traceId ?? ""),
  ]);
  return table(["WHEN", "WHAT", "BY", "OUTCOME", "TRACE ID"], rows, out);
}

function failureCell(need: Need, errorCode: string | null): Cell {
  return { text: marked(need, `failed: ${errorCode ?? "unknown"}`), colour: NEEDS[need].colour };
}

function instant(at: Date, now: Date): string {
  const until = timeBetween(now, at);
  return `${minuteOf(at)} (${until === "past" ? until : `in ${until}`})`;
}

function deadline({ at, basis }: Deadline, now: Date): string {
  if (at === null) return basis === "none" ? "none" : "unknown";
  return basis === "told" ? instant(at, now) : `${instant(at, now)}, ${basis}`;
}
