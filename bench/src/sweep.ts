import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { startBenchPostgres } from "./lib/bench-postgres.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { mapAll } from "./lib/load.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { UsageError, countOf, enginesOf, numberOf } from "./lib/options.ts";
import { startSimulatedInstagram, type SimulatedInstagram } from "./lib/simulated-instagram.ts";
import { median } from "./lib/statistics.ts";
import { FILLED_AT } from "./lib/stored-connections.ts";
import { table } from "./lib/table.ts";
import { fillWithDue, TOKEN_AGE_DAYS, type Engine } from "./sweep/due-database.ts";
import { refreshBarely } from "./signin/refreshes.ts";
import { sweepWithWorker, timeOfClaim } from "./sweep/measure.ts";

type Settings = {
  due: number;
  stored: number[];
  latencyMs: number;
  concurrency: number;
  rounds: number;
  engines: string[];
};

/** What is measured of one engine at one size. */
type Figures = { stored: number; perSecond: number; share: number; memoryBytes: number; claimMs: number };

const LEAST_SHARE = 0.85;
/** Memory and claims may differ by this much between the smallest and the largest database. */
const MOST_GROWTH = 1.25;
const DAY_MS = 86_400_000;

/** A worker's sweep beside as many bare calls, and what it costs as more is stored. */
export const sweep: Benchmark = {
  name: "sweep",
  summary: "a worker's sweep beside as many bare calls, its memory and its claims, by what is stored",
  options: [
    "--due <count>        connections that are due (10000)",
    "--stored <counts>    connections stored, smallest first (10000,1000000)",
    "--latency <ms>       what each upstream call takes (50)",
    "--concurrency <n>    refreshes under way at once (64)",
    "--rounds <count>     sweeps of each kind (1)",
    "--engine <names>     sqlite, postgres or both (sqlite,postgres)",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    console.log(describeMachine());
    const { due, latencyMs, concurrency, rounds } = settings;
    console.log(`${due} due, ${latencyMs} ms upstream, ${concurrency} at once, ${rounds} rounds\n`);
    const faults: string[] = [];
    for (const name of settings.engines) {
      const server = name === "postgres" ? stack.use(await startBenchPostgres()) : null;
      const engine: Engine =
        server === null ? { name: "sqlite", folder } : { name: "postgres", folder, serverUrl: server.url };
      const figures: Figures[] = [];
      for (const stored of settings.stored) figures.push(await measure(engine, stored, settings));
      console.log(`${report(name, figures)}\n`);
      faults.push(...judge(name, figures));
    }
    console.log(`load averages at the end: ${loadAverages()}`);
    for (const fault of faults) console.log(`not as required: ${fault}`);
    return faults.length === 0;
  },
};

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      due: { type: "string", default: "10000" },
      stored: { type: "string", default: "10000,1000000" },
      latency: { type: "string", default: "50" },
      concurrency: { type: "string", default: "64" },
      rounds: { type: "string", default: "1" },
      engine: { type: "string", default: "sqlite,postgres" },
    },
  });
  const settings = {
    due: countOf("due", values.due),
    stored: values.stored.split(",").map((count) => countOf("stored", count)),
    latencyMs: numberOf("latency", values.latency),
    concurrency: countOf("concurrency", values.concurrency),
    rounds: countOf("rounds", values.rounds),
    engines: enginesOf(values.engine),
  };
  if (settings.stored.some((count) => count < settings.due))
    throw new UsageError("--stored takes counts of at least what is due.");
  return settings;
}

/** A simulator of its own for each: tokens that were refreshed once are of no use to the next. */
async function measure(engine: Engine, stored: number, settings: Settings): Promise<Figures> {
  const { due, latencyMs, concurrency, rounds } = settings;
  const sweeps: number[] = [];
  const bares: number[] = [];
  const memory: number[] = [];
  let claimMs = Number.NaN;
  for (let round = 0; round < rounds; round += 1) {
    await using instagram = await startSimulatedInstagram({ folder: engine.folder, seed: round + 1 });
    const tokens = await issueTokens(instagram, due);
    const databaseUrl = await fillWithDue(engine, stored, tokens);
    claimMs = await timeOfClaim(databaseUrl);
    await instagram.delayAnswers(latencyMs);
    const { folder } = engine;
    const swept = await sweepWithWorker({ databaseUrl, instagram, folder, concurrency, due });
    sweeps.push(swept.durationMs);
    memory.push(swept.mostMemoryBytes);
    bares.push((await refreshBarely(instagram.origin, tokens, concurrency)).elapsedMs);
    if (engine.name === "sqlite")
      for (const end of ["", "-wal", "-shm"]) rmSync(`${databaseUrl.slice(5)}${end}`, { force: true });
  }
  return {
    stored,
    perSecond: (due / median(sweeps)) * 1000,
    share: median(sweeps.map((ms, round) => (bares[round] ?? Number.NaN) / ms)),
    memoryBytes: median(memory),
    claimMs,
  };
}

/** Tokens that are old enough at `FILLED_AT`, where the simulator's clock then stands still. */
async function issueTokens(instagram: SimulatedInstagram, count: number): Promise<string[]> {
  await instagram.standStillAt(new Date(FILLED_AT.getTime() - TOKEN_AGE_DAYS * DAY_MS));
  const people = await mapAll(Array.from({ length: count }), 32, () => instagram.addPerson());
  const tokens = await mapAll(people.results, 32, (person) => instagram.issueLongLivedToken(person));
  await instagram.standStillAt(FILLED_AT);
  return tokens.results;
}

function report(engine: string, figures: readonly Figures[]): string {
  return table([
    [engine, ...figures.map(({ stored }) => `${stored} stored`)],
    ["refreshes per second", ...figures.map(({ perSecond }) => perSecond.toFixed(0))],
    ["share of bare calls", ...figures.map(({ share }) => `${(share * 100).toFixed(1)} %`)],
    [
      "most memory of the worker",
      ...figures.map(({ memoryBytes }) => `${(memoryBytes / 2 ** 20).toFixed(0)} MiB`),
    ],
    ["finding 16 that are due", ...figures.map(({ claimMs }) => `${claimMs.toFixed(2)} ms`)],
  ]);
}

function judge(engine: string, figures: readonly Figures[]): string[] {
  const faults = figures
    .filter(({ share }) => share < LEAST_SHARE)
    .map(({ stored, share }) => `${engine}, ${stored} stored: ${(share * 100).toFixed(1)} % of bare calls`);
  const [smallest] = figures;
  const largest = figures.at(-1);
  if (smallest === undefined || largest === undefined) return faults;
  if (largest.memoryBytes > smallest.memoryBytes * MOST_GROWTH) faults.push(`${engine}: memory grows`);
  if (largest.claimMs > smallest.claimMs * MOST_GROWTH)
    faults.push(`${engine}: finding what is due takes longer`);
  return faults;
}
