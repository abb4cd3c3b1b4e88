import { startPostgresServer } from "@perennial/db/testing";
import { insertDueConnections, instantIn, runOn, startFleet, type Fleet } from "@perennial/e2e/fleet";
import type { TestWorld } from "@perennial/runtime/testing";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { countOf, engineOf } from "./lib/options.ts";
import { judgeOutage, reportOutage, type OutageRun } from "./outage/report.ts";

type Settings = { engine: string; connections: number; secondsPerDay: number; workers: number };

const DAY_SECONDS = 86_400;
/** Tokens end so many days apart at most, so that an order is to be seen. */
const ENDS_WITHIN_DAYS = 20;
const LOOK_EVERY_MS = 100;
const DRAIN_LIMIT_MS = 300_000;

/** A day without Instagram, while everything falls due. */
export const outage: Benchmark = {
  name: "outage",
  summary: "real workers through a day on which Instagram does not answer, while all connections fall due",
  options: [
    "--n <count>          connections (1000)",
    "--day <seconds>      how long a day lasts (120)",
    "--workers <count>    worker processes (2)",
    "--engine <name>      sqlite or postgres (sqlite)",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    console.log(describeMachine());
    const { engine, connections, secondsPerDay, workers } = settings;
    console.log(
      `${engine}, ${connections} connections, ${workers} workers, a day lasts ${secondsPerDay} s\n`,
    );
    const server = engine === "postgres" ? stack.use(await startPostgresServer()) : null;
    const database = await server?.createDatabase();
    const running = stack.use(await startPrepared(settings, database));
    const run = await goThroughOutage(running, settings);
    console.log(`${reportOutage(run)}\n`);
    console.log(`load averages at the end: ${loadAverages()}`);
    const faults = judgeOutage(run);
    for (const fault of faults) console.log(`not as required: ${fault}`);
    return faults.length === 0;
  },
};

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      n: { type: "string", default: "1000" },
      day: { type: "string", default: "120" },
      workers: { type: "string", default: "2" },
      engine: { type: "string", default: "sqlite" },
    },
  });
  return {
    engine: engineOf(values.engine),
    connections: countOf("n", values.n),
    secondsPerDay: countOf("day", values.day),
    workers: countOf("workers", values.workers),
  };
}

async function startPrepared(settings: Settings, database: string | undefined): Promise<Fleet> {
  const { connections, workers } = settings;
  return await startFleet({
    ...(database === undefined ? {} : { databaseUrl: database }),
    apis: 0,
    workers,
    prepare: async (world) => {
      const { databaseUrl } = world.config;
      await insertDueConnections(world, databaseUrl, connections);
      await spreadEnds(world, databaseUrl);
    },
  });
}

/** Says of every token that it ends up to some days sooner than it does: by the number in its person's name. */
async function spreadEnds(world: TestWorld, databaseUrl: string): Promise<void> {
  const rows = await runOn<{ id: string }>(databaseUrl, "SELECT id FROM connections");
  const end = world.sim.clock.now().getTime() + (60 - 5 - ENDS_WITHIN_DAYS) * DAY_SECONDS * 1000;
  const stepMs = (ENDS_WITHIN_DAYS * DAY_SECONDS * 1000) / rows.length;
  for (const { id } of rows) {
    // A step that shares no divisor with the number of rows: neighbours end far apart.
    const place = (Number(id.slice(-22)) * 617) % rows.length;
    const expiresAt = instantIn(databaseUrl, new Date(end + Math.round(place * stepMs)));
    await runOn(databaseUrl, `UPDATE connections SET token_expires_at = ${expiresAt} WHERE id = '${id}'`);
  }
}

async function goThroughOutage(running: Fleet, settings: Settings): Promise<OutageRun> {
  const { sim, config } = running.world;
  const { connections, secondsPerDay } = settings;
  const ends = new Map(
    (
      await runOn<{ username: string; ends: string | number }>(
        config.databaseUrl,
        "SELECT username, token_expires_at AS ends FROM connections",
      )
    ).map(({ username, ends }) => [username, new Date(ends).getTime()]),
  );
  const outageMs = secondsPerDay * 1000;
  sim.policy.set({ scale_s_per_day: secondsPerDay });
  sim.faults.add({ at: "refresh", do: "status", with: { status: 503 }, to_ms: outageMs });
  const beganAtMs = Date.now();
  const { databaseUrl } = config;
  await runOn(databaseUrl, "UPDATE connections SET next_refresh_at = token_issued_at");

  const refreshed = () =>
    sim.ledger().filter(({ endpoint, status }) => endpoint === "refresh" && status === 200);
  const deadline = beganAtMs + outageMs + DRAIN_LIMIT_MS;
  while (refreshed().length < connections && Date.now() < deadline && running.exits.length === 0)
    await pause(LOOK_EVERY_MS);
  await pause(1_000); // the last commits

  const [left] = await runOn<{ count: string | number }>(
    databaseUrl,
    "SELECT count(*) AS count FROM connections WHERE status <> 'active' OR failed_attempts > 0",
  );
  const alerts = await runOn<{ kind: string; count: string | number }>(
    databaseUrl,
    "SELECT kind, count(*) AS count FROM alerts GROUP BY kind ORDER BY kind",
  );
  return {
    connections,
    workers: settings.workers,
    exits: running.exits,
    endedAtMs: beganAtMs + outageMs,
    failedAtMs: sim
      .ledger()
      .filter(({ endpoint, status }) => endpoint === "refresh" && status !== 200)
      .map(({ arrivedRealMs }) => arrivedRealMs),
    refreshedAtMs: refreshed().map(({ arrivedRealMs }) => arrivedRealMs),
    endsInOrderOfRefresh: refreshed().map(({ user }) => ends.get(user ?? "") ?? Number.NaN),
    notWell: Number(left?.count ?? Number.NaN),
    alerts: Object.fromEntries(alerts.map(({ kind, count }) => [kind, Number(count)])),
    mostInFlightPerToken: sim.concurrency().max,
  };
}
