import { openStore } from "@perennial/db";
import Database from "better-sqlite3";

import { fillingStatements, type Dialect, type Filling } from "./stored-connections.ts";

const SQLITE: Dialect = {
  numbers: (from, to) =>
    `WITH RECURSIVE series(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM series WHERE n < ${to}) SELECT n FROM series`,
  instant: (ms) => `CAST(${ms} AS INTEGER)`,
  noise: (digits) => `lower(substr(hex(randomblob(${Math.ceil(digits / 2)})), 1, ${digits}))`,
  padded: (number) => `printf('%08d', ${number})`,
  no: "0",
};

/** Makes a migrated and filled database in a file that is not there yet. */
export async function fillSqlite(file: string, filling: Filling): Promise<void> {
  await (await openStore(`file:${file}`))[Symbol.asyncDispose]();
  const database = new Database(file);
  try {
    database.pragma("foreign_keys = OFF");
    database.pragma("synchronous = OFF"); // what it is filled with is worth no sync
    database.pragma("cache_size = -262144");
    for (const statement of fillingStatements(SQLITE, filling, 1, filling.stored)) database.exec(statement);
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
