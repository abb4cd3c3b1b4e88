import { openStore } from "@perennial/db";
import { workspaceRoot } from "@perennial/runtime";
import { freePort } from "@perennial/runtime/testing";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { timeClaim } from "../due/subject.ts";
import { startProcess } from "../lib/bench-process.ts";
import type { SimulatedInstagram } from "../lib/simulated-instagram.ts";
import { median } from "../lib/statistics.ts";
import { FILLED_AT } from "../lib/stored-connections.ts";
import { perennialEnvironment } from "../signin/perennial-environment.ts";

/** One sweep of a worker process. */
export type SweepFigures = { durationMs: number; refreshed: number; mostMemoryBytes: number };

const SWEEP_LIMIT_MS = 600_000;
const CLAIMS = 50;
const CLAIM_LIMIT = 16;

/** Starts a worker over a database, and lets it sweep what is due. @throws when not all was refreshed */
export async function sweepWithWorker(options: {
  databaseUrl: string;
  instagram: SimulatedInstagram;
  folder: string;
  concurrency: number;
  due: number;
}): Promise<SweepFigures> {
  const { databaseUrl, instagram, folder, concurrency, due } = options;
  await using worker = startProcess({
    name: "perennial-worker",
    file: path.join(workspaceRoot, "apps/worker/src/main.ts"),
    env: {
      ...perennialEnvironment({ folder, simulatorPort: instagram.port, databaseUrl }),
      WORKER_PORT: String(await freePort()),
      REFRESH_CONCURRENCY: String(concurrency),
    },
    logFile: path.join(folder, `sweep-worker-${Date.now()}.log`),
  });
  const swept = await sweptLine(worker.log, SWEEP_LIMIT_MS);
  const { durationMs, refreshed } = JSON.parse(swept) as { durationMs: number; refreshed: number };
  if (refreshed !== due) throw new Error(`The sweep refreshed ${refreshed} of ${due} connections: ${swept}`);
  return { durationMs, refreshed, mostMemoryBytes: await worker.mostMemoryBytes() };
}

async function sweptLine(log: () => string, limitMs: number): Promise<string> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const line = log()
      .split("\n")
      .find((each) => each.includes('"worker.swept"'));
    if (line !== undefined) return line;
    await pause(100);
  }
  throw new Error(`The worker did not sweep:\n${log()}`);
}

/** How long it takes to find and lease a batch of what is due, in milliseconds, the median of many. */
export async function timeOfClaim(databaseUrl: string): Promise<number> {
  await using store = await openStore(databaseUrl);
  const times: number[] = [];
  for (let claim = 0; claim < CLAIMS; claim += 1)
    times.push((await timeClaim({ store }, CLAIM_LIMIT, FILLED_AT)).elapsedMs);
  return median(times);
}
