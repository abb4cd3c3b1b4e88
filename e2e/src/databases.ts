import { dropDatabase, runOn, type PostgresServer } from "@perennial/db/testing";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Where a house keeps what it knows. */
export type Engine = "sqlite" | "postgres";

/** The empty database of one house. */
export type HouseDatabase = AsyncDisposable & {
  url: string;
  /** Everything in it as text, by where it is: to look for what must not be there. */
  content(): Promise<[where: string, text: string][]>;
  /** Changes what nobody can change from outside, such as the time of a wait. */
  run(statement: string): Promise<void>;
  /** Forgets everybody and everything about them; processes that are at work on it stay known to it. */
  clear(): Promise<void>;
};

/** What a database knows of itself and of the processes on it, and what nobody can take out of it. */
const KEPT = ["__drizzle_migrations", "audit_events", "house", "key_checks", "processes", "runs"];

/** A file in a folder; its log is looked through, too. */
export function sqliteIn(folder: string): HouseDatabase {
  const files = ["perennial.db", "perennial.db-wal"];
  const open = () =>
    new DatabaseSync(path.join(folder, "perennial.db"), {
      timeout: 5_000,
      enableForeignKeyConstraints: false,
    });
  return {
    url: `file:${path.join(folder, "perennial.db")}`,
    content: async () =>
      files
        .filter((file) => existsSync(path.join(folder, file)))
        .map((file) => [file, readFileSync(path.join(folder, file), "latin1")]),
    run: async (statement) => {
      using database = open();
      database.exec(statement);
    },
    clear: async () => {
      using database = open();
      const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      const names = tables.map(({ name }) => String(name)).filter((name) => !KEPT.includes(name));
      database.exec(`BEGIN IMMEDIATE; ${names.map((name) => `DELETE FROM ${name}`).join("; ")}; COMMIT`);
    },
    [Symbol.asyncDispose]: async () => undefined, // goes with its folder
  };
}

/** A database of its own on a server. */
export async function postgresOn(server: PostgresServer): Promise<HouseDatabase> {
  return postgresAt(await server.createDatabase());
}

/** A database of Postgres that is there, and that goes with the house. */
export function postgresAt(url: string): HouseDatabase {
  const tableNames = async (): Promise<string[]> => {
    const query = "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'";
    return (await runOn<{ name: string }>(url, query)).map(({ name }) => name);
  };
  return {
    url,
    content: async () => {
      return Promise.all(
        (await tableNames()).map(async (name): Promise<[string, string]> => {
          const rows = await runOn<{ text: string }>(url, `SELECT t::text AS text FROM ${name} AS t`);
          return [`table ${name}`, rows.map(({ text }) => text).join("\n")];
        }),
      );
    },
    run: async (statement) => void (await runOn(url, statement)),
    clear: async () => {
      const names = (await tableNames()).filter((name) => !KEPT.includes(name));
      await runOn(url, `TRUNCATE ${names.join(", ")}`);
    },
    [Symbol.asyncDispose]: () => dropDatabase(url),
  };
}

/** Everything that a server of Postgres writes ahead from now on, as it stands in its files when it is asked for. */
export async function startReadingAhead(url: string): Promise<() => Promise<string>> {
  const [begun] = await runOn<{ file: string; at: number }>(
    url,
    "SELECT file_name AS file, file_offset AS at FROM pg_walfile_name_offset(pg_current_wal_lsn())",
  );
  const { file, at } = begun ?? { file: "", at: 0 };
  return async () => {
    // Answered once everything before it is in the files.
    await runOn(url, "SELECT pg_logical_emit_message(true, 'read', '')");
    const rows = await runOn<{ name: string; bytes: Buffer }>(
      url,
      `SELECT name, pg_read_binary_file('pg_wal/' || name) AS bytes FROM pg_ls_waldir()
        WHERE name BETWEEN '${file}' AND pg_walfile_name(pg_current_wal_lsn()) ORDER BY name`,
    );
    return rows
      .map(({ name, bytes }) => bytes.subarray(name === file ? at : 0).toString("latin1"))
      .join("\n");
  };
}
