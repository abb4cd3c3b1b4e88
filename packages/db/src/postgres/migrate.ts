import type { Client } from "pg";
import { fileURLToPath } from "node:url";

import { pendingMigrations } from "../pending-migrations.ts";
import { StoreError } from "../store-error.ts";
import { withoutGuard } from "./guard.ts";
import { PostgresFault } from "./faults.ts";

/** The migrations of this version. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

/** How long a process waits for another that migrates, and a migration for the tables it changes. */
const LOCK_TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 600_000;

/** What drizzle's own migrator keeps, so that its tools understand the database too. */
const CREATE_JOURNAL = `CREATE TABLE __drizzle_migrations (
  id serial PRIMARY KEY, hash text NOT NULL, created_at bigint NOT NULL
)`;
const JOURNAL_IS_THERE = "SELECT to_regclass('public.__drizzle_migrations') IS NOT NULL AS is_there";
const READ_JOURNAL = "SELECT created_at::text FROM public.__drizzle_migrations";

/**
 * Brings a database to the schema of this version. A lock that ends with the transaction is taken before
 * anything is looked at, so processes that start together migrate it once; all of it is one transaction.
 *
 * @throws {StoreError} `schema_newer` when a newer version has migrated the database already, `unavailable`
 *   when its dates could not be read.
 */
export async function migrate(
  client: Pick<Client, "query">,
  migrationsFolder = MIGRATIONS_FOLDER,
): Promise<void> {
  const run = async (text: string, values?: unknown[]): Promise<Record<string, unknown>[]> => {
    const limit = { query_timeout: STATEMENT_TIMEOUT_MS + LOCK_TIMEOUT_MS };
    const result = await client
      .query({ text, ...(values === undefined ? {} : { values }), ...limit })
      .catch((error: unknown) => {
        throw new PostgresFault(error, "unknown");
      });
    return result.rows as Record<string, unknown>[];
  };
  await run(begin());
  try {
    await checkDateStyle(run);
    await run("SELECT pg_advisory_xact_lock(hashtextextended('perennial migrations', 0))");
    await applyMigrations(run, migrationsFolder);
    await run("COMMIT");
  } catch (error) {
    await run("ROLLBACK").catch(() => undefined); // a connection that was lost has undone it already
    throw error;
  }
}

function begin(): string {
  return [
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
    "SET LOCAL synchronous_commit = on",
    "SET LOCAL search_path = public",
  ].join("; ");
}

/** Instants are read as the driver gives them: as text. Other styles put the month where ISO has the day. */
async function checkDateStyle(run: RunText): Promise<void> {
  const [row] = await run("SELECT current_setting('DateStyle') LIKE 'ISO%' AS is_iso");
  if (row?.is_iso !== true) {
    throw new StoreError(
      "unavailable",
      "The database writes dates in a style of its own; set DateStyle to ISO.",
    );
  }
}

type RunText = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

async function applyMigrations(run: RunText, migrationsFolder: string): Promise<void> {
  const [journal] = await run(JOURNAL_IS_THERE);
  if (journal?.is_there !== true) await run(CREATE_JOURNAL);
  const applied = await run(READ_JOURNAL);
  const pending = pendingMigrations(
    migrationsFolder,
    applied.map((row) => Number(row.created_at)),
  );
  if (pending.length === 0) return;
  await withoutGuard(run, async () => {
    for (const migration of pending) {
      for (const statement of migration.sql) await run(statement);
      const note = "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)";
      await run(note, [migration.hash, migration.folderMillis]);
    }
  });
}
