import { startPostgresServer } from "@perennial/db/testing";
import { backUpUnderLoad } from "@perennial/e2e/keeping";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine } from "./lib/machine.ts";
import { countOf, enginesOf } from "./lib/options.ts";
import { median, quantile } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

/** Backups while two processes write, and a restore. */
export const backup: Benchmark = {
  name: "backup",
  summary:
    "backs up while two processes write, verifies every backup, and restores the last into an empty database",
  options: [
    "--n <count>      connections (20000)",
    "--backups <count>  backups (20)",
    "--rate <count>   rows that each of the two writers commits in a second (200)",
    "--engine <list>  sqlite, postgres or both with a comma between (both)",
  ],
  run: async (args, stack) => {
    const { values } = parseArgs({
      args,
      options: {
        n: { type: "string", default: "20000" },
        backups: { type: "string", default: "20" },
        rate: { type: "string", default: "200" },
        engine: { type: "string", default: "sqlite,postgres" },
      },
    });
    const [connections, backups] = [countOf("n", values.n), countOf("backups", values.backups)];
    const rowsPerSecondEach = countOf("rate", values.rate);
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    console.log(
      `${connections} connections, 2 writers of ${rowsPerSecondEach} rows/s each; ${describeMachine()}`,
    );
    const rows = [["engine", "written rows/s", "verified", "torn", "p50", "p99", "size", "restore (RTO)"]];
    let isRight = true;
    for (const engine of enginesOf(values.engine)) {
      const server = engine === "postgres" ? stack.use(await startPostgresServer()) : null;
      const place = path.join(folder, engine);
      mkdirSync(place, { mode: 0o700 });
      const fresh = async (name: string): Promise<string> =>
        server === null ? `file:${path.join(place, name)}` : await server.createDatabase();
      const outcome = await backUpUnderLoad({
        databaseUrl: await fresh("house.db"),
        emptyDatabaseUrl: await fresh("restored.db"),
        folder: place,
        connections,
        backups,
        rowsPerSecondEach,
      });
      isRight &&= outcome.verified === backups && outcome.torn === 0;
      rows.push([
        engine,
        outcome.rowsPerSecond.toFixed(0),
        `${outcome.verified} of ${backups}`,
        String(outcome.torn),
        `${median(outcome.seconds).toFixed(2)} s`,
        `${quantile(outcome.seconds, 0.99).toFixed(2)} s`,
        `${outcome.megabytes.toFixed(1)} MB`,
        `${outcome.restoreSeconds.toFixed(1)} s`,
      ]);
    }
    console.log(table(rows));
    return isRight;
  },
};
