import type Database from "better-sqlite3";

import type { Store } from "../../store.ts";
import { openDatabase } from "../connection.ts";
import { noDamage } from "../damage.ts";
import { migrate } from "../migrate.ts";
import { preparedAtOnce } from "../../prepare-when-run.ts";
import { createSqliteStore } from "../store.ts";

type PlanStep = { detail: string };

/** A store, the connection it works on, and the plan of any statement that it has prepared. */
export type ExplainingSqliteStore = {
  sqlite: Database.Database;
  store: Store;
  /** Every statement that reads or changes rows. */
  prepared: readonly string[];
  /** The steps of a statement's plan. */
  planOf: (source: string) => string[];
};

/** Opens a store on a file or in memory, migrates it and notes what it prepares. */
export async function openExplainingSqliteStore(
  file: string,
  leaseNow: () => number,
): Promise<ExplainingSqliteStore> {
  const sqlite = await openDatabase(file, 5_000);
  await migrate(sqlite, 5_000);
  const prepared: string[] = [];
  const prepare = sqlite.prepare.bind(sqlite);
  sqlite.prepare = (source: string) => {
    prepared.push(source);
    return prepare(source);
  };
  const settings = { leaseNow, busyTimeoutMs: 5_000, damage: noDamage() };
  const store = preparedAtOnce(() => createSqliteStore(sqlite, settings));
  return {
    sqlite,
    store,
    prepared: prepared.filter((source) => /^(select|update|delete) /i.test(source)),
    planOf: (source) => {
      const placeholders = source.split("?").length - 1;
      const statement = sqlite.prepare<unknown[], PlanStep>(`EXPLAIN QUERY PLAN ${source}`);
      return statement.all(...Array.from({ length: placeholders }, () => null)).map((step) => step.detail);
    },
  };
}
