import { startAppProcess } from "@perennial/runtime/testing";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** One way of a move, killed so many times. */
export type JourneyPlan = {
  environment: Record<string, string>;
  from: string;
  to: string;
  kills: number;
  connections: number;
  random: () => number;
};

/** How it went: all runs together, those that were killed too. */
export type Journey = { seconds: number; killedAt: string[]; mostMemoryMiB: number; tokensOpened: number };

/** What the command says it does at the moments when it can be killed. */
const MOMENTS = [
  "opening tokens at the source",
  "copying users",
  "copying identities",
  "copying connections",
  "copying sessions",
  "copying refreshAttempts",
  "comparing users",
  "comparing connections",
];
/** How long after such a moment at most, for each connection: a small house is moved sooner. */
const LATEST_MS = 0.02;
const MEMORY_INTERVAL_MS = 100;

/**
 * Runs the command until it ends by itself; the first runs are killed at random moments.
 *
 * @throws when a run ended before it could be killed, or the last one failed.
 */
export async function travel(plan: JourneyPlan): Promise<Journey> {
  const journey: Journey = { seconds: 0, killedAt: [], mostMemoryMiB: 0, tokensOpened: 0 };
  for (let run = 0; run <= plan.kills; run += 1) {
    const startedMs = performance.now();
    const environment = { ...plan.environment, MOVE_FROM: plan.from, MOVE_TO: plan.to };
    await using cli = startAppProcess("cli", environment, ["move", "--json"]);
    const watch = setInterval(() => {
      journey.mostMemoryMiB = Math.max(journey.mostMemoryMiB, memoryMiB(cli.pid));
    }, MEMORY_INTERVAL_MS);
    try {
      if (run < plan.kills) {
        const moment = MOMENTS[Math.floor(plan.random() * MOMENTS.length)] ?? "copying connections";
        const afterMs = Math.floor(plan.random() * LATEST_MS * plan.connections);
        await cli.lineWith(moment);
        await pause(afterMs);
        cli.signal("SIGKILL");
        const { signal } = await cli.exited;
        if (signal !== "SIGKILL") throw new Error(`The move ended before it could be killed (${moment}).`);
        journey.killedAt.push(`${moment} + ${afterMs} ms`);
      } else {
        const { code } = await cli.exited;
        if (code !== 0) throw new Error(`The move ended with ${code}:\n${cli.lines.join("\n")}`);
        const summary = JSON.parse(cli.lines.find((line) => line.startsWith("{")) ?? "{}") as {
          tokensOpened?: number;
        };
        journey.tokensOpened = summary.tokensOpened ?? 0;
      }
    } finally {
      clearInterval(watch);
      journey.seconds += (performance.now() - startedMs) / 1_000;
    }
  }
  return journey;
}

/** The largest part of the machine's memory a process has had so far; 0 where the system does not say. */
function memoryMiB(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1_024);
  } catch {
    return 0; // it has just ended, or this is no Linux
  }
}
