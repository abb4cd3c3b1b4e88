import {
  awaitRefreshes,
  insertDueConnections,
  keepSigningIn,
  lostSignIns,
  refreshesOf,
  restartUnderLoad,
  startFleet,
  type Fleet,
  type RefreshReport,
  type SignInReport,
} from "@perennial/e2e/fleet";
import { startPostgresServer, type PostgresServer } from "@perennial/db/testing";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { UsageError, countOf, engineOf, numberOf } from "./lib/options.ts";
import { table } from "./lib/table.ts";

/** What an upstream call takes at least, so that two for one token would be seen. */
const ANSWER_DELAY_MS = 20;

type Settings = { engine: string; connections: number; apis: number; workers: number; restarts: number };

/** What a run came to. */
type Outcome = { elapsedMs: number; signIns: SignInReport; refreshes: RefreshReport; lost: string[] };

/** Many processes on one database: what falls due at once, people who sign in meanwhile, and restarts. */
export const fleet: Benchmark = {
  name: "fleet",
  summary: "many api and worker processes on one database: refreshes once each, restarts without loss",
  options: [
    "--engine <name>     postgres, or sqlite, where all share one file (postgres)",
    "--n <count>         connections that fall due at once (5000)",
    "--apis <count>      api processes, each with two people signing in all the time (2)",
    "--workers <count>   worker processes (4)",
    "--restarts <count>  restarts of Postgres meanwhile, every second one as after a crash (0)",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    console.log(describeMachine());
    const server = await openServer(settings, stack);
    const { running, release, databaseUrl } = await startLoaded(settings, await server?.createDatabase());
    stack.use(running);

    const startedMs = performance.now();
    const signingIn = keepSigningIn(running);
    await release();
    if (server !== null) {
      await restartUnderLoad(running, server, {
        restarts: settings.restarts,
        refreshesBetween: Math.floor(settings.connections / (settings.restarts + 1)),
      });
    }
    await awaitRefreshes(running, settings.connections);
    const elapsedMs = performance.now() - startedMs;
    const signIns = await signingIn.stop();
    const refreshes = await refreshesOf(running, databaseUrl);
    const outcome = { elapsedMs, signIns, refreshes, lost: await lostSignIns(signIns, databaseUrl) };
    console.log(`${describe(settings, running, outcome)}\n`);
    console.log(`load averages at the end: ${loadAverages()}`);
    const faults = faultsOf(settings, running, outcome);
    for (const fault of faults) console.log(`Not as it has to be: ${fault}.`);
    return faults.length === 0;
  },
};

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: "string", default: "postgres" },
      n: { type: "string", default: "5000" },
      apis: { type: "string", default: "2" },
      workers: { type: "string", default: "4" },
      restarts: { type: "string", default: "0" },
    },
  });
  const settings = {
    engine: engineOf(values.engine),
    connections: countOf("n", values.n),
    apis: countOf("apis", values.apis),
    workers: countOf("workers", values.workers),
    restarts: numberOf("restarts", values.restarts),
  };
  if (settings.engine === "sqlite" && settings.restarts > 0)
    throw new UsageError("A SQLite file has no server to restart.");
  return settings;
}

async function openServer({ engine }: Settings, stack: AsyncDisposableStack): Promise<PostgresServer | null> {
  if (engine === "sqlite") return null;
  const settings = { fsync: "on", full_page_writes: "on" };
  return stack.use(await startPostgresServer({ settings }));
}

async function startLoaded(
  { connections, apis, workers }: Settings,
  database: string | undefined,
): Promise<{ running: Fleet; release: () => Promise<void>; databaseUrl: string }> {
  let release = async (): Promise<void> => {};
  const running = await startFleet({
    ...(database === undefined ? {} : { databaseUrl: database }),
    apis,
    workers,
    prepare: async (world) => {
      const due = await insertDueConnections(world, world.config.databaseUrl, connections);
      release = () => due.release(connections);
      world.sim.faults.add({ at: "refresh", do: "delay", with: { ms: ANSWER_DELAY_MS } });
    },
  });
  return { running, release: () => release(), databaseUrl: running.world.config.databaseUrl };
}

function describe(settings: Settings, running: Fleet, outcome: Outcome): string {
  const { elapsedMs, signIns, refreshes, lost } = outcome;
  const seconds = elapsedMs / 1000;
  const statuses = [...running.statuses].sort(([a], [b]) => a - b);
  return table([
    ["apis, workers, restarts", `${settings.apis}, ${settings.workers}, ${settings.restarts}`],
    ["seconds until all were refreshed", seconds.toFixed(1)],
    ["connections due, refreshes granted", `${settings.connections}, ${refreshes.granted}`],
    ["refreshes per second", (refreshes.granted / seconds).toFixed(0)],
    ["most in flight per token", String(refreshes.mostInFlightPerToken)],
    ["acknowledged refreshes that are lost", String(refreshes.lost.length)],
    [
      "sign-ins done, told to come again, to begin again",
      `${signIns.acknowledged.length}, ${signIns.postponed}, ${signIns.interrupted}`,
    ],
    ["acknowledged sign-ins that are lost", String(lost.length)],
    ["answers by status", statuses.map(([status, count]) => `${status}: ${count}`).join(", ")],
  ]);
}

function faultsOf({ connections, restarts }: Settings, running: Fleet, outcome: Outcome): string[] {
  const { signIns, refreshes, lost } = outcome;
  const faults = [...running.exits, ...signIns.faults];
  const add = (isFault: boolean, sentence: string): void => {
    if (isFault) faults.push(sentence);
  };
  // A restart may take an answer of Instagram's with it: that token is then refreshed once more, by its lease.
  const isOnceEach = refreshes.granted === connections && refreshes.notGranted === 0;
  add(restarts === 0 && !isOnceEach, `${connections} due connections had ${refreshes.granted} refreshes`);
  add(refreshes.mostInFlightPerToken !== 1, "one token was refreshed twice at once");
  add(refreshes.lost.length + lost.length > 0, "something that was acknowledged is lost");
  add(restarts === 0 && signIns.interrupted + signIns.postponed > 0, "a sign-in was turned away");
  add(running.unexplained.length > 0, "a 503 did not say when to come again");
  add(running.statuses.has(500), "there was a 500");
  return faults;
}
