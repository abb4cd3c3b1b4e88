import { startPostgresServer } from "@perennial/db/testing";
import { rotateUnderLoad } from "@perennial/e2e/keeping";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine } from "./lib/machine.ts";
import { countOf, enginesOf, numberOf } from "./lib/options.ts";
import { randomFrom } from "./lib/random.ts";
import { quantile } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

/** A key that is exchanged for another while tokens are read, by a command that is killed. */
export const rotate: Benchmark = {
  name: "rotate",
  summary:
    "rotates the key of all tokens while they are read, killed on the way: failed reads, unreadable rows",
  options: [
    "--n <count>      connections (20000)",
    "--kills <count>  kills (10)",
    "--engine <list>  sqlite, postgres or both with a comma between (both)",
    "--seed <number>  seed of the reads and of the moments of the kills (random)",
  ],
  run: async (args, stack) => {
    const { values } = parseArgs({
      args,
      options: {
        n: { type: "string", default: "20000" },
        kills: { type: "string", default: "10" },
        engine: { type: "string", default: "sqlite,postgres" },
        seed: { type: "string", default: String(randomInt(1, 2 ** 16)) },
      },
    });
    const [connections, kills, seed] = [
      countOf("n", values.n),
      numberOf("kills", values.kills),
      countOf("seed", values.seed),
    ];
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    console.log(`${connections} connections, ${kills} kills, seed ${seed}; ${describeMachine()}`);
    const rows = [
      [
        "engine",
        "kills",
        "rewrapped",
        "seconds",
        "rows/s",
        "reads",
        "failed reads",
        "read p99",
        "unreadable rows",
      ],
    ];
    let isRight = true;
    for (const engine of enginesOf(values.engine)) {
      const databaseUrl =
        engine === "sqlite"
          ? `file:${path.join(folder, "house.db")}`
          : await stack.use(await startPostgresServer()).createDatabase();
      const outcome = await rotateUnderLoad({ databaseUrl, connections, kills, random: randomFrom(seed) });
      isRight &&= outcome.failedReads === 0 && outcome.unreadable === 0 && outcome.kills === kills;
      rows.push([
        engine,
        String(outcome.kills),
        String(outcome.rewrapped),
        outcome.seconds.toFixed(1),
        String(Math.round(outcome.rewrapped / outcome.seconds)),
        String(outcome.reads),
        String(outcome.failedReads),
        `${quantile(outcome.readMs, 0.99).toFixed(1)} ms`,
        String(outcome.unreadable),
      ]);
    }
    console.log(table(rows));
    console.log(
      "Seconds are those of all runs of the command, the killed ones too, with the start of each process.",
    );
    return isRight;
  },
};
