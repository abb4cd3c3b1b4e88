import { createTransport } from "@perennial/instagram";
import { workspaceRoot } from "@perennial/runtime";
import path from "node:path";

import { startProcess } from "../lib/bench-process.ts";
import { mapAll } from "../lib/load.ts";
import { sum } from "../lib/statistics.ts";
import type { SimulatedInstagram } from "../lib/simulated-instagram.ts";
import { perennialEnvironment } from "./perennial-environment.ts";

/** The default of REFRESH_CONCURRENCY. */
const CONCURRENCY = 16;

/** Sixty days of life, due at thirty: by then every connection is. */
export const DAYS_UNTIL_ALL_ARE_DUE = 40;

/** Refreshes per second, of a whole sweep and of nothing but the calls. */
export type RefreshPass = { refreshes: number; sweepPerSecond: number; barePerSecond: number };

/**
 * Lets every connection fall due and measures one sweep by a worker process, then as many bare calls at the
 * same concurrency: what no sweep can be faster than.
 *
 * @throws when a single refresh failed, or any token was refreshed other than once.
 */
export async function measureRefreshes(options: {
  instagram: SimulatedInstagram;
  folder: string;
  people: readonly string[];
  passes: number;
  profileFolder?: string | undefined;
}): Promise<RefreshPass[]> {
  const { instagram, people } = options;
  const issued = await mapAll(people, CONCURRENCY, (person) => instagram.issueLongLivedToken(person));
  let tokens = issued.results;
  const passes: RefreshPass[] = [];
  for (let pass = 0; pass < options.passes; pass += 1) {
    await instagram.advanceDays(DAYS_UNTIL_ALL_ARE_DUE);

    await instagram.forgetCalls();
    const sweepMs = await sweepOnce(options);
    expectRefreshes(await instagram.countCalls(), people.length);

    await instagram.forgetCalls();
    const bare = await refreshBarely(instagram.origin, tokens, CONCURRENCY);
    expectRefreshes(await instagram.countCalls(), people.length);
    tokens = bare.tokens;

    const perSecond = (elapsedMs: number): number => (people.length / elapsedMs) * 1000;
    passes.push({
      refreshes: people.length,
      sweepPerSecond: perSecond(sweepMs),
      barePerSecond: perSecond(bare.elapsedMs),
    });
  }
  return passes;
}

/** How everything that is due is refreshed. */
export type SweepPlan = {
  instagram: SimulatedInstagram;
  folder: string;
  people: readonly string[];
  databaseUrl?: string | undefined;
  /** Worker processes that start together; one unless given. */
  workers?: number;
  profileFolder?: string | undefined;
};

/**
 * Lets worker processes sweep once, all at the same time; answers the time that the slowest of them says its
 * sweep took, from its first claim to the end of its upkeep.
 *
 * @throws when they have not refreshed everybody between them.
 */
export async function sweepOnce(plan: SweepPlan): Promise<number> {
  const { people, workers = 1 } = plan;
  const sweeps = await Promise.all(Array.from({ length: workers }, (_, index) => sweepWith(plan, index)));
  const refreshed = sum(sweeps.map((each) => each.refreshed));
  if (refreshed !== people.length) {
    throw new Error(`The sweep refreshed ${refreshed} of ${people.length} connections.`);
  }
  return Math.max(...sweeps.map((each) => each.durationMs));
}

async function sweepWith(
  { folder, instagram, profileFolder, databaseUrl }: SweepPlan,
  index: number,
): Promise<{ durationMs: number; refreshed: number }> {
  await using worker = startProcess({
    name: "perennial-worker",
    file: path.join(workspaceRoot, "apps/worker/src/main.ts"),
    args: ["--once"],
    env: perennialEnvironment({ folder, simulatorPort: instagram.port, databaseUrl }),
    logFile: path.join(folder, `perennial-worker-${Date.now()}-${index}.log`),
    profileFolder,
  });
  const exitCode = await worker.exited;
  const line = worker
    .log()
    .split("\n")
    .find((each) => each.includes('"worker.swept"'));
  if (exitCode !== 0) throw new Error(`The worker did not sweep:\n${worker.log()}`);
  if (line === undefined) return { durationMs: 0, refreshed: 0 }; // the others left it nothing worth a line
  return JSON.parse(line) as { durationMs: number; refreshed: number };
}

/** As many bare calls at the same concurrency: what no sweep can be faster than. @throws when one is refused */
export async function refreshBarely(
  origin: string,
  tokens: readonly string[],
  concurrency: number,
): Promise<{ elapsedMs: number; tokens: string[] }> {
  await using transport = createTransport({ connectionsPerOrigin: concurrency });
  const { results, load } = await mapAll(tokens, concurrency, async (token) => {
    const query = `grant_type=ig_refresh_token&access_token=${encodeURIComponent(token)}`;
    const url = `${origin}/refresh_access_token?${query}`;
    const { status, body } = await transport({ method: "GET", url });
    if (status !== 200) throw new Error(`A bare call was answered with HTTP ${status}.`);
    return (JSON.parse(body) as { access_token: string }).access_token;
  });
  return { elapsedMs: load.elapsedMs, tokens: results };
}

/** @throws when the calls are anything but so many refreshes. */
export function expectRefreshes(calls: Record<string, number>, count: number): void {
  if (JSON.stringify(calls) === JSON.stringify({ refresh: count })) return;
  throw new Error(`${count} refreshes made these upstream calls: ${JSON.stringify(calls)}.`);
}
