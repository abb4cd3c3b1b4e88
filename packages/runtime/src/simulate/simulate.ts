import type { Connections } from "@perennial/connections";

import { reportOf, type SimulationReport } from "./report.ts";
import { checkScenario, type Scenario } from "./scenario.ts";
import { scheduledRuns } from "./scheduled-runs.ts";
import { seededRandom } from "./seeded-random.ts";
import { START_MS, openSimulatedWorld, type SimulatedWorld } from "./simulated-world.ts";

const DAY_MS = 86_400_000;

/** How far a simulation has come; told once for each day. */
export type SimulationProgress = { day: number; ofDays: number; renewals: number };

/**
 * Runs the real engine over a scenario: its policy, breaker, back-off and journal on a real store, with a clock
 * that jumps from one event to the next and an Instagram that fails as the scenario says. A scheduled run that
 * is missed means that no worker runs until the next: it probes nothing either, and starts anew then.
 *
 * @throws {ScenarioError} when the scenario makes no sense.
 * @throws {ConfigError} when its schedule would be refused at a start.
 */
export async function simulate(
  scenario: Scenario,
  onProgress: (progress: SimulationProgress) => void = () => undefined,
): Promise<SimulationReport> {
  const schedule = checkScenario(scenario);
  const startedAtMs = performance.now();
  const startedWith = process.cpuUsage();
  await using world = await openSimulatedWorld(scenario, schedule);
  const loop = createLoop(world, scenario);
  let day = 0;
  for (const [runMs, nextRunMs] of pairs(
    scheduledRuns(scenario.cron, START_MS + DAY_MS, world.endMs),
    world.endMs,
  )) {
    await loop.runAt(runMs, nextRunMs);
    if (runMs < START_MS + (day + 1) * DAY_MS) continue;
    day = Math.floor((runMs - START_MS) / DAY_MS);
    onProgress({ day, ofDays: scenario.days, renewals: world.counter.figures.renewals });
  }
  world.clock.moveTo(world.endMs);
  await loop.beginRecoveries();
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const { user, system } = process.cpuUsage(startedWith);
  const processorSeconds = (user + system) / 1_000_000;
  return await reportOf({ world, scenario, looks: loop.looks(), seconds, processorSeconds });
}

type Loop = {
  /** One scheduled run and, when it takes place, what the worker does until the next. */
  runAt(runMs: number, nextRunMs: number): Promise<void>;
  /** Takes note of what was held back by outages that have ended. */
  beginRecoveries(): Promise<void>;
  /** Scheduled runs, missed ones too, and looks at what cannot wait for them. */
  looks(): number;
};

function createLoop(world: SimulatedWorld, { missedShare, concurrency, seed }: Scenario): Loop {
  const { clock } = world;
  const isMissed = seededRandom(seed, "missed runs");
  const options = { trigger: "worker", concurrency, signal: new AbortController().signal } as const;
  const toBegin = world.recoveries.toSorted((a, b) => a.endMs - b.endMs);
  let worker: Connections | null = null;
  let looks = 0;

  const moveTo = async (instantMs: number): Promise<void> => {
    clock.moveTo(instantMs);
    await beginRecoveries();
  };
  const beginRecoveries = async (): Promise<void> => {
    for (let next = toBegin[0]; next !== undefined && next.endMs <= clock.nowMs(); next = toBegin[0]) {
      toBegin.shift();
      next.begin(await world.allConnections(), clock.now());
    }
  };
  /** The worker looks each second; nothing is there to be seen before a probe is due. */
  const tendUntil = async (running: Connections, untilMs: number): Promise<void> => {
    for (;;) {
      const breakers = await world.store.listOpenBreakers();
      const probeMs = Math.min(...breakers.map(({ nextProbeAt }) => nextProbeAt.getTime()));
      if (Math.max(probeMs, clock.nowMs()) >= untilMs) return;
      await moveTo(probeMs);
      looks += 1;
      if (!(await world.run(running.tend(options)))) continue;
      const connections = await world.allConnections();
      for (const recovery of world.recoveries) recovery.noteReleased(connections, clock.now());
      await world.run(running.sweep(options));
    }
  };

  return {
    beginRecoveries,
    looks: () => looks,
    runAt: async (runMs, nextRunMs) => {
      looks += 1;
      const isDown = isMissed() < missedShare;
      if (clock.nowMs() > runMs) return; // the sweep before still goes on
      if (isDown) {
        worker = null;
        return;
      }
      worker ??= world.startWorker();
      await moveTo(runMs);
      await world.run(worker.sweep(options));
      await tendUntil(worker, nextRunMs);
    },
  };
}

/** Each value with the one that follows, the last with the end. */
function* pairs(values: Iterable<number>, end: number): Generator<[number, number]> {
  let previous: number | null = null;
  for (const value of values) {
    if (previous !== null) yield [previous, value];
    previous = value;
  }
  if (previous !== null) yield [previous, end];
}
