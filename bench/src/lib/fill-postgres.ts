import { openStore } from "@perennial/db";
import { createDatabase } from "@perennial/db/testing";
import { Client } from "pg";

import { fillingStatements, type Dialect, type Filling } from "./stored-connections.ts";

/** Rows of one statement: its transaction stays small beside the log. */
const ROWS_AT_ONCE = 500_000;

const digest = (salt: string): string => `encode(sha512(('${salt}' || n)::bytea), 'hex')`;

const POSTGRES: Dialect = {
  numbers: (from, to) => `SELECT n FROM generate_series(${from}::bigint, ${to}::bigint) AS series(n)`,
  instant: (ms) => `to_timestamp(CAST(${ms} AS double precision) / 1000)`,
  noise: (digits) => `substr(${["a", "b", "c"].map(digest).join(" || ")}, 1, ${digits})`,
  padded: (number) => `lpad((${number})::text, 8, '0')`,
  no: "false",
};

/** Makes a migrated, filled and analyzed database on a server; answers its address. */
export async function fillPostgres(serverUrl: string, filling: Filling): Promise<string> {
  const url = await createDatabase(serverUrl);
  await (await openStore(url))[Symbol.asyncDispose]();
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica"); // no look at foreign keys
    for (let from = 1; from <= filling.stored; from += ROWS_AT_ONCE) {
      const to = Math.min(filling.stored, from + ROWS_AT_ONCE - 1);
      for (const statement of fillingStatements(POSTGRES, filling, from, to)) await client.query(statement);
    }
    await client.query("VACUUM (ANALYZE)");
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
  return url;
}
