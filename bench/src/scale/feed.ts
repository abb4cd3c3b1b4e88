import { createConnections, createTokenSeal, type Connections } from "@perennial/connections";
import { openStore, type Store } from "@perennial/db";
import { createSecretKey, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { median, quantile } from "../lib/statistics.ts";
import { table } from "../lib/table.ts";
import { FILLED_AT } from "../lib/stored-connections.ts";

const WATCHERS = [0, 1, 1_000] as const;
const CHANGES = 20;
/** No multiple of any interval of polling: changes meet it at all its phases. */
const CHANGE_EACH_MS = 310;
const MOST_DELAY_MS = 10_000;

/** What pages that are open cost the process that serves them. */
type Showing = { cpuShare: number; looksPerSecond: number; queriesPerSecond: number; delaysMs: number[] };

/**
 * Prints what the change feed of one process costs while nobody, one page and a thousand pages of different
 * people watch: at rest, and while another process commits three changes a second.
 */
export async function reportFeed(name: string, url: string): Promise<void> {
  const rows: string[][] = [];
  for (const watchers of WATCHERS) {
    for (const isChanging of [false, true]) {
      const { cpuShare, looksPerSecond, queriesPerSecond, delaysMs } = await measure(
        url,
        watchers,
        isChanging,
      );
      rows.push([
        `${watchers} watching, ${isChanging ? `${(1000 / CHANGE_EACH_MS).toFixed(1)} changes a second` : "at rest"}`,
        `${(cpuShare * 100).toFixed(1)} %`,
        looksPerSecond.toFixed(1),
        queriesPerSecond.toFixed(1),
        delaysMs.length === 0 ? "" : `${median(delaysMs).toFixed(0)} ms`,
        delaysMs.length === 0 ? "" : `${quantile(delaysMs, 0.99).toFixed(0)} ms`,
      ]);
    }
  }
  const heading = [
    `change feed, ${name}`,
    "of a processor",
    "looks per second",
    "of which ask for versions",
    "seen after",
    "p99",
  ];
  console.log(`${table([heading, ...rows])}\n`);
}

async function measure(url: string, watchers: number, isChanging: boolean): Promise<Showing> {
  await using serving = await openStore(url);
  await using other = await openStore(url);
  const asked = { looks: 0, queries: 0 };
  const connections = connectionsOf({
    ...serving,
    changeMarker: () => {
      asked.looks += 1;
      return serving.changeMarker();
    },
    connectionVersions: (userIds) => {
      asked.queries += 1;
      return serving.connectionVersions(userIds);
    },
  });
  const people = await firstPeople(serving, Math.max(watchers, 1));
  const stopping = new AbortController();
  const seen = new Map<string, () => void>();
  const watching = people.slice(0, watchers).map(async ({ userId, connectionId }) => {
    for await (const { changed } of connections.watch(userId, stopping.signal)) {
      if (changed.includes(connectionId)) seen.get(connectionId)?.();
    }
  });
  await pause(2_500); // hints have proven themselves, everybody was looked at

  const delaysMs: number[] = [];
  const before = { ...asked };
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  for (let change = 0; change < CHANGES; change += 1) {
    const next = pause(CHANGE_EACH_MS);
    const person = people[(change * 7) % people.length];
    if (isChanging && person !== undefined) {
      const changed = new Promise<void>((resolve) => seen.set(person.connectionId, resolve));
      await commitChange(other, person.connectionId, change);
      const committedMs = performance.now();
      if (watchers > 0) {
        const seenInTime = new AbortController();
        await Promise.race([changed, missed(person.connectionId, seenInTime.signal)]);
        seenInTime.abort();
        delaysMs.push(performance.now() - committedMs);
      }
    }
    await next;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const elapsedMs = performance.now() - startedMs;
  const after = { ...asked };
  const perSecond = (count: number): number => (count / elapsedMs) * 1000;
  stopping.abort();
  await Promise.all(watching);
  return {
    cpuShare: (user + system) / 1000 / elapsedMs,
    looksPerSecond: perSecond(after.looks - before.looks),
    queriesPerSecond: perSecond(after.queries - before.queries),
    delaysMs,
  };
}

/** The feed's own timers keep no process alive, and a change that is never seen is no figure. */
async function missed(connectionId: string, signal: AbortSignal): Promise<void> {
  const isMissed = await pause(MOST_DELAY_MS, true, { signal }).catch(() => false);
  if (isMissed) throw new Error(`A change of ${connectionId} was not seen.`);
}

function connectionsOf(store: Store): Connections {
  return createConnections({
    store,
    logins: {},
    seal: createTokenSeal([{ id: "k1", key: randomBytes(32) }]),
    schedule: { leadMs: 1, urgentMs: 1, periodMs: 1 },
    leaseMs: 15_000,
    sendAlert: null,
    sinkWriter: null,
    processes: 1,
    linkKey: createSecretKey(randomBytes(32)),
    callbackSecrets: [],
    isClockWrong: () => false,
    appUrl: "http://localhost",
    now: () => FILLED_AT,
    wallNow: () => FILLED_AT,
    random: Math.random,
    onEvent: () => undefined,
  });
}

async function firstPeople(store: Store, count: number): Promise<{ userId: string; connectionId: string }[]> {
  const page = await store.pageConnections({ after: null, limit: count * 2 });
  return page
    .filter(({ status }) => status === "active")
    .slice(0, count)
    .map(({ userId, id }) => ({ userId, connectionId: id }));
}

/** A refresh that failed: the version grows, as with any change that a page shows. */
async function commitChange(store: Store, connectionId: string, change: number): Promise<void> {
  const claim = await store.claimOne({ connectionId, owner: "bench", leaseMs: 60_000 });
  if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
  const id = `att_feed${change}${randomBytes(6).toString("hex")}`;
  await store.recordFailure({
    lease: claim.lease,
    reconnectReason: null,
    errorCode: "transient",
    nextRefreshAt: null,
    incidentId: null,
    alerts: [],
    history: {
      id,
      kind: "refresh",
      trigger: "worker",
      startedAt: FILLED_AT,
      finishedAt: FILLED_AT,
      outcome: "failed",
      errorCode: "transient",
      traceId: null,
      transcript: null,
      tokenExpiresAt: null,
    },
    now: FILLED_AT,
  });
}
