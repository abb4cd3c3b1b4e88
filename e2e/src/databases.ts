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
};

/** A file in a folder; its log is looked through, too. */
export function sqliteIn(folder: string): HouseDatabase {
  const files = ["perennial.db", "perennial.db-wal"];
  return {
    url: `file:${path.join(folder, "perennial.db")}`,
    content: async () =>
      files
        .filter((file) => existsSync(path.join(folder, file)))
        .map((file) => [file, readFileSync(path.join(folder, file), "latin1")]),
    run: async (statement) => {
      const database = new DatabaseSync(path.join(folder, "perennial.db"), { timeout: 5_000 });
      database.exec(statement);
      database.close();
    },
    [Symbol.asyncDispose]: async () => undefined, // goes with its folder
  };
}

/** A database of its own on a server. */
export async function postgresOn(server: PostgresServer): Promise<HouseDatabase> {
  const url = await server.createDatabase();
  return {
    url,
    content: async () => {
      const tables = await runOn<{ name: string }>(
        url,
        "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
      );
      return Promise.all(
        tables.map(async ({ name }): Promise<[string, string]> => {
          const rows = await runOn<{ text: string }>(url, `SELECT t::text AS text FROM ${name} AS t`);
          return [`table ${name}`, rows.map(({ text }) => text).join("\n")];
        }),
      );
    },
    run: async (statement) => void (await runOn(url, statement)),
    [Symbol.asyncDispose]: () => dropDatabase(url),
  };
}
