import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { judge, printPlan, printRows } from "./due/report.ts";
import { measureByDue, measureByStored, measureDrains } from "./due/rows.ts";
import { openPostgresSubject } from "./due/postgres-subject.ts";
import { openSqliteSubject } from "./due/sqlite-subject.ts";
import type { Subject } from "./due/subject.ts";
import { POSTGRES_SETTINGS, startBenchPostgres } from "./lib/bench-postgres.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { UsageError, countOf, enginesOf } from "./lib/options.ts";
import { FILLED_AT } from "./lib/stored-connections.ts";

type Settings = { stored: number[]; due: number; rounds: number; seed: number; engines: string[] };

/** What finding due connections costs, by what is stored and by what is due. */
export const due: Benchmark = {
  name: "due",
  summary: "claims of due connections, among 100,000 and 1,000,000 stored ones, on both engines",
  options: [
    "--stored <counts>  connections stored, smallest first (100000,1000000)",
    "--due <count>      of which so many are due (10000)",
    "--n <count>        timed claims of each kind (100)",
    "--engine <names>   sqlite, postgres or both (sqlite,postgres)",
    "--seed <number>    moves who is due when (random)",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    console.log(describeMachine());
    console.log(`${settings.rounds} claims of each kind, seed ${settings.seed}`);
    const faults: string[] = [];
    for (const engine of settings.engines) {
      const subjects = stack.use(new AsyncDisposableStack());
      faults.push(...(await measureEngine(engine, settings, folder, subjects)));
      await subjects.disposeAsync();
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
      stored: { type: "string", default: "100000,1000000" },
      due: { type: "string", default: "10000" },
      n: { type: "string", default: "100" },
      engine: { type: "string", default: "sqlite,postgres" },
      seed: { type: "string", default: String(randomInt(1, 2 ** 20)) },
    },
  });
  const settings = {
    stored: values.stored.split(",").map((count) => countOf("stored", count)),
    due: countOf("due", values.due),
    rounds: countOf("n", values.n),
    seed: countOf("seed", values.seed),
    engines: enginesOf(values.engine),
  };
  if (settings.stored.some((count) => count < 10 * settings.due)) {
    throw new UsageError("--stored takes counts of at least ten times what is due.");
  }
  return settings;
}

async function measureEngine(
  engine: string,
  settings: Settings,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<string[]> {
  const { stored, due: dueCount, rounds } = settings;
  const subjects: Subject[] = [];
  const server = engine === "postgres" ? stack.use(await startBenchPostgres()) : null;
  if (server !== null) console.log(`\nPostgres with ${POSTGRES_SETTINGS}`);
  for (const count of stored) {
    const filling = { stored: count, due: dueCount, historyRows: 0, seed: settings.seed };
    const opened =
      server === null
        ? await openSqliteSubject(path.join(folder, `${count}.db`), filling)
        : await openPostgresSubject(server.url, filling);
    subjects.push(stack.use(opened));
  }
  const [first] = subjects;
  const largest = subjects.at(-1);
  if (first === undefined || largest === undefined) return [];
  for (const subject of subjects) {
    const found = await subject.countDue(FILLED_AT);
    if (found !== dueCount) throw new Error(`${found} connections are due instead of ${dueCount}.`);
  }
  await printPlan(largest);
  const byStored = await measureByStored(subjects, dueCount, rounds);
  const byDue = await measureByDue(largest, dueCount, rounds);
  byStored.push(...(await measureDrains(subjects, dueCount)));

  const titles = [`${first.engine}, by what is stored`, `${first.engine}, by what is due`] as const;
  const columns = stored.map((count) => `${count} stored`);
  printRows(titles[0], columns, byStored);
  printRows(titles[1], byDue.columns, byDue.rows);
  return [...judge(titles[0], byStored), ...judge(titles[1], byDue.rows)];
}
