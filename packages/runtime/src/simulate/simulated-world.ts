import {
  createConnections,
  type Connections,
  type ConnectionsDeps,
  type RefreshSchedule,
  type TokenSeal,
} from "@perennial/connections";
import { openStore, type ConnectionSummary, type Store } from "@perennial/db";
import { createSecretKey, randomBytes } from "node:crypto";

import { createCounter, type Counter } from "./counter.ts";
import { importConnections } from "./import-connections.ts";
import { pretendInstagram, type PretendedInstagram } from "./pretended-instagram.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import type { Scenario } from "./scenario.ts";
import { seededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
import { watchStore } from "./watched-store.ts";

const DAY_MS = 86_400_000;
const PAGE = 1_000;
/** As long as in production, where nothing is set. */
const LEASE_MS = 15_000;

/** The midnight at which every simulation begins: what falls on which weekday must not differ between runs. */
export const START_MS = Date.parse("2026-01-01T00:00:00Z");

/** Nobody's tokens, in a store that is gone at the end: sealing them would take time and prove nothing here. */
const PLAIN: TokenSeal = {
  seal: (token) => token,
  open: (sealed) => sealed,
  opener: (sealed) => () => sealed,
  keyIds: [],
  checkValue: () => "",
  matchesCheckValue: () => true,
};

/** Everything of a simulation but its loop: the engine, and all that it stands on. */
export type SimulatedWorld = AsyncDisposable & {
  readonly clock: VirtualClock;
  readonly endMs: number;
  readonly store: Store;
  readonly instagram: PretendedInstagram;
  readonly counter: Counter;
  readonly recoveries: readonly Recovery[];
  probes(): number;
  /** The engine as a process has it that starts now. */
  startWorker(): Connections;
  /** Does what takes simulated time, and lets it pass. */
  run<Result>(work: Promise<Result>): Promise<Result>;
  /** Every connection as it is stored. */
  allConnections(): Promise<ConnectionSummary[]>;
};

/** Opens an empty store in memory by a clock of its own, and imports the connections of a scenario. */
export async function openSimulatedWorld(
  scenario: Scenario,
  schedule: RefreshSchedule,
): Promise<SimulatedWorld> {
  const { connections, days, seed } = scenario;
  const clock = createVirtualClock(START_MS);
  const watched = watchStore(await openStore("file::memory:", { leaseNow: clock.nowMs }));
  const { store } = watched;
  try {
    const recoveries = scenario.outages.map((outage) => createRecovery(outage, START_MS));
    const accounts = new Map<string, number>();
    const isAlive = (id: string): boolean => instagram.endsAtMs(accounts.get(id) ?? 0) > clock.nowMs();
    const counter = createCounter({ clock, startMs: START_MS, days, isAlive, recoveries });
    const instagram = pretendInstagram({
      clock,
      random: seededRandom(seed, "calls"),
      errorShare: scenario.errorShare,
      isDown: (nowMs) => recoveries.some(({ startMs, endMs }) => nowMs >= startMs && nowMs < endMs),
      onRenewal: counter.noteMargin,
    });
    const imported = { store, instagram, seal: PLAIN, schedule, connections, seed, startMs: START_MS };
    for (const [account, id] of (await importConnections(imported)).entries()) accounts.set(id, account);

    const deps = {
      store,
      seal: PLAIN,
      schedule,
      random: seededRandom(seed, "back-off"),
      onEvent: counter.onEvent,
    };
    return {
      clock,
      endMs: START_MS + days * DAY_MS,
      store,
      instagram,
      counter,
      recoveries,
      probes: watched.probes,
      startWorker: () => startWorker({ ...deps, instagram, clock }),
      run: (work) => clock.run(work, watched.isBusy),
      allConnections: () => readAll(store),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

type WorkerDeps = Pick<ConnectionsDeps, "store" | "seal" | "schedule" | "random" | "onEvent"> & {
  instagram: PretendedInstagram;
  clock: VirtualClock;
};

function startWorker({ instagram, clock, ...deps }: WorkerDeps): Connections {
  return createConnections({
    ...deps,
    logins: { instagram: instagram.login },
    leaseMs: LEASE_MS,
    sendAlert: null,
    sinkWriter: null,
    processes: 1,
    linkKey: createSecretKey(randomBytes(32)),
    callbackSecrets: [],
    appUrl: "https://simulated.test",
    now: clock.now,
    wallNow: clock.now,
    isClockWrong: () => false,
  });
}

async function readAll(store: Store): Promise<ConnectionSummary[]> {
  const all: ConnectionSummary[] = [];
  for (;;) {
    const page = await store.pageConnections({ after: all.at(-1)?.id ?? null, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
