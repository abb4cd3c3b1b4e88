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
import { startPostgresServer } from "@perennial/db/testing";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { countOf, numberOf } from "./lib/options.ts";
import { table } from "./lib/table.ts";

/** What an upstream call takes at least, so that two for one token would be seen. */
const ANSWER_DELAY_MS = 20;

type Settings = { connections: number; apis: number; workers: number; restarts: number };

/** What a run came to. */
type Outcome = { elapsedMs: number; signIns: SignInReport; refreshes: RefreshReport; lost: string[] };

/** Many processes on one Postgres: what falls due at once, people who sign in meanwhile, and restarts. */
export const fleet: Benchmark = {
  name: "fleet",
  summary: "many api and worker processes on one Postgres: refreshes once each, restarts without loss",
  options: [
    "--n <count>         connections that fall due at once (5000)",
    "--apis <count>      api processes, each with two people signing in all the time (2)",
    "--workers <count>   worker processes (4)",
    "--restarts <count>  restarts of Postgres meanwhile, every second one as after a crash (0)",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    console.log(describeMachine());
    const server = stack.use(
      await startPostgresServer({ settings: { fsync: "on", full_page_writes: "on" } }),
    );
    const databaseUrl = await server.createDatabase();
    const { running, release } = await startLoaded(settings, databaseUrl);
    stack.use(running);

    const startedMs = performance.now();
    const signingIn = keepSigningIn(running);
    await release();
    await restartUnderLoad(running, server, {
      restarts: settings.restarts,
      refreshesBetween: Math.floor(settings.connections / (settings.restarts + 1)),
    });
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
      n: { type: "string", default: "5000" },
      apis: { type: "string", default: "2" },
      workers: { type: "string", default: "4" },
      restarts: { type: "string", default: "0" },
    },
  });
  return {
    connections: countOf("n", values.n),
    apis: countOf("apis", values.apis),
    workers: countOf("workers", values.workers),
    restarts: numberOf("restarts", values.restarts),
  };
}

async function startLoaded(
  { connections, apis, workers }: Settings,
  databaseUrl: string,
): Promise<{ running: Fleet; release: () => Promise<void> }> {
  let release = async (): Promise<void> => {};
  const running = await startFleet({
    databaseUrl,
    apis,
    workers,
    prepare: async (world) => {
      const due = await insertDueConnections(world, databaseUrl, connections);
      release = () => due.release(connections);
      world.sim.faults.add({ at: "refresh", do: "delay", with: { ms: ANSWER_DELAY_MS } });
    },
  });
  return { running, release: () => release() };
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
