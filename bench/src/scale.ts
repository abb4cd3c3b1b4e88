import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { POSTGRES_SETTINGS, startBenchPostgres } from "./lib/bench-postgres.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { UsageError, countOf } from "./lib/options.ts";
import { reportFeeds, reportFillfactors, reportPartitions, reportVacuum } from "./scale/databases.ts";
import { reportProcesses } from "./scale/processes.ts";
import { reportSizes } from "./scale/size.ts";

const PARTS = ["processes", "feed", "size", "fillfactor", "vacuum", "partitions"] as const;
type Part = (typeof PARTS)[number];

/** What several processes, open pages, years and partitions come to; nothing is required of it. */
export const scale: Benchmark = {
  name: "scale",
  summary:
    "several processes on one database, open pages, bytes per connection, partitions; for docs/scaling.md",
  options: [
    `--only <parts>     some of ${PARTS.join(", ")}`,
    "--stored <count>   connections in the databases of all parts but the last (100000)",
    "--parted <count>   connections in the database of partitions (1000000)",
    "--n <count>        people in a round of processes (500)",
    "--rounds <count>   rounds of processes and partitions (3)",
    "--seed <number>    of the simulator, and moves who is due when (random)",
  ],
  run: async (args, stack) => {
    const { only, stored, parted, people, rounds, seed } = readSettings(args);
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const server = stack.use(await startBenchPostgres());
    console.log(describeMachine());
    console.log(`seed ${seed}; Postgres with ${POSTGRES_SETTINGS}\n`);
    const filling = { stored, due: Math.floor(stored / 10), historyRows: 1, seed };
    const measure: Record<Part, () => Promise<void>> = {
      processes: () => reportProcesses({ server, folder, people, rounds, seed }),
      feed: () => reportFeeds(server, path.join(folder, "feed.db"), filling),
      size: () => reportSizes(server.url, path.join(folder, "size.db"), filling),
      fillfactor: () => reportFillfactors(server, filling),
      vacuum: () => reportVacuum(server, filling),
      partitions: () => reportPartitions(server, { ...filling, stored: parted, due: 10 }, rounds),
    };
    for (const part of PARTS) if (only.includes(part)) await measure[part]();
    console.log(`load averages at the end: ${loadAverages()}`);
    return true;
  },
};

function readSettings(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", default: PARTS.join(",") },
      stored: { type: "string", default: "100000" },
      parted: { type: "string", default: "1000000" },
      n: { type: "string", default: "500" },
      rounds: { type: "string", default: "3" },
      seed: { type: "string", default: String(randomInt(1, 2 ** 20)) },
    },
  });
  const only = values.only.split(",");
  const unknown = only.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) throw new UsageError(`--only knows no part named "${unknown}".`);
  return {
    only,
    stored: countOf("stored", values.stored),
    parted: countOf("parted", values.parted),
    people: countOf("n", values.n),
    rounds: countOf("rounds", values.rounds),
    seed: countOf("seed", values.seed),
  };
}
