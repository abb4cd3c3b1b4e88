import { runOn } from "@perennial/db/testing";
import Database from "better-sqlite3";

import { fillPostgres } from "../lib/fill-postgres.ts";
import { fillSqlite } from "../lib/fill-sqlite.ts";
import type { Filling } from "../lib/stored-connections.ts";
import { table } from "../lib/table.ts";

/** Bytes of one table or index on disk. */
type Part = { name: string; bytes: number };

/** How many renewals a connection has behind it after a year, with a round of 28.5 days. */
const ROUNDS_A_YEAR = 13;
/** What belongs to the upkeep of a database, whatever it holds. */
const LEAST_SHARE = 0.005;

/** Prints what one connection takes on disk on both engines, with a year of history. */
export async function reportSizes(serverUrl: string, file: string, filling: Filling): Promise<void> {
  const withYear = { ...filling, historyRows: ROUNDS_A_YEAR };
  await fillSqlite(file, withYear);
  const url = await fillPostgres(serverUrl, withYear);
  const sqlite = sqliteParts(file);
  const postgres = await postgresParts(url);
  const perConnection = ({ bytes }: Part): string => (bytes / filling.stored).toFixed(0);
  const names = [...new Set([...sqlite, ...postgres].map(({ name }) => name))];
  const rows = names.flatMap((name) => {
    const parts = [sqlite, postgres].map((all) => all.find((part) => part.name === name));
    const isWorthALine = parts.some(
      (part) => part !== undefined && part.bytes > LEAST_SHARE * total(postgres),
    );
    return isWorthALine
      ? [[name, ...parts.map((part) => (part === undefined ? "" : perConnection(part)))]]
      : [];
  });
  const heading = [
    `bytes per connection, ${filling.stored} connections, ${ROUNDS_A_YEAR} renewals each`,
    "SQLite",
    "Postgres",
  ];
  const totals = [sqlite, postgres].map((all) => (total(all) / filling.stored).toFixed(0));
  console.log(`${table([heading, ...rows, ["all", ...totals]])}\n`);
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function sqliteParts(file: string): Part[] {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare<[], Part>("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC")
      .all()
      .map(({ name, bytes }) => ({
        name: name.replace(/^sqlite_autoindex_(.*)_1$/, "$1: primary key"),
        bytes,
      }));
  } finally {
    database.close();
  }
}

async function postgresParts(url: string): Promise<Part[]> {
  const rows = await runOn<{ name: string; bytes: string }>(
    url,
    `SELECT relname AS name, pg_relation_size(oid) AS bytes FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') ORDER BY 2 DESC`,
  );
  return rows.map(({ name, bytes }) => ({
    name: name
      .replace(/^identities_provider.*_pk$/, "identities: primary key")
      .replace(/^(.*)_pkey$/, "$1: primary key"),
    bytes: Number(bytes),
  }));
}
