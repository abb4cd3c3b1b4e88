import { refuseOtherSchema } from "../backup/refuse-other-schema.ts";
import type { Snapshot } from "../backup/snapshot.ts";
import { sql } from "../drizzle.ts";
import { MOVED_TABLE_NAMES, type MovedRow, type MovedTable } from "../move/rows.ts";
import { parsePostgresAddress } from "./address.ts";
import { createEngine } from "./engine.ts";
import { MIGRATIONS_FOLDER } from "./migrate.ts";
import { prepareMovedTable, type MovedTableStatements } from "./moved-tables.ts";
import { openPool } from "./pool.ts";

/** A server that has not answered for this many busy times will not. */
const ANSWER_FACTOR = 3;

/** Reads a Postgres database as it was at one instant, in one transaction. @throws as `withSnapshot` */
export async function withPostgresSnapshot<Result>(
  url: string,
  busyTimeoutMs: number,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const pool = openPool(parsePostgresAddress(url), busyTimeoutMs * ANSWER_FACTOR);
  const engine = createEngine(pool, busyTimeoutMs);
  const journal = engine.db
    .select({ createdAt: sql<string>`created_at::text` })
    .from(sql`public.__drizzle_migrations`)
    .prepare("");
  const tables = Object.fromEntries(
    MOVED_TABLE_NAMES.map((table) => [table, prepareMovedTable(engine.db, table)]),
  ) as Record<MovedTable, MovedTableStatements>;
  try {
    return await engine.snapshot(async (run) => {
      const applied = await run(journal);
      refuseOtherSchema(
        MIGRATIONS_FOLDER,
        applied.map((row) => Number(row.createdAt)),
      );
      return await work({
        engine: "Postgres",
        countRows: async (table) => (await run(tables[table].count))[0]?.rows ?? 0,
        readPage: async (table, after, limit) => {
          const { page, pageValues } = tables[table];
          return (await run(page, pageValues(after, limit))) as MovedRow[];
        },
      });
    });
  } finally {
    await engine.close();
  }
}
