import { createTokenSeal } from "@perennial/connections";
import { openStore, type Store } from "@perennial/db";
import { instantIn, runOn } from "@perennial/e2e/fleet";
import { readConfig } from "@perennial/runtime";
import path from "node:path";

import { fillPostgres } from "../lib/fill-postgres.ts";
import { fillSqlite } from "../lib/fill-sqlite.ts";
import { FILLED_AT } from "../lib/stored-connections.ts";

/** Which engine a database is of; Postgres with the address of its server. */
export type Engine =
  | { name: "sqlite"; folder: string }
  | { name: "postgres"; folder: string; serverUrl: string };

/** How long before `FILLED_AT` the tokens are issued that are due then. */
export const TOKEN_AGE_DAYS = 40;

const DAY_MS = 86_400_000;
const SET_AT_ONCE = 500;

/**
 * A database with so many connections, of which as many are due as there are tokens, each with one of them
 * sealed as a worker would have it. Answers its address.
 */
export async function fillWithDue(
  engine: Engine,
  stored: number,
  tokens: readonly string[],
): Promise<string> {
  const filling = { stored, due: tokens.length, historyRows: 0, seed: 7 };
  if (engine.name === "postgres") {
    const url = await fillPostgres(engine.serverUrl, filling);
    await putTokens(url, tokens, engine.folder);
    await runOn(url, "VACUUM (ANALYZE) connections");
    return url;
  }
  const file = path.join(engine.folder, `sweep-${stored}.db`);
  await fillSqlite(file, filling);
  const url = `file:${file}`;
  await putTokens(url, tokens, engine.folder);
  await runOn(url, "PRAGMA wal_checkpoint(TRUNCATE)");
  return url;
}

async function putTokens(url: string, tokens: readonly string[], folder: string): Promise<void> {
  const { tokenKeys } = readConfig({ DATABASE_URL: `file:${path.join(folder, "perennial.db")}` });
  const seal = createTokenSeal(tokenKeys);
  await using store = await openStore(url);
  const ids = await dueIds(store, tokens.length);
  const issuedAt = new Date(FILLED_AT.getTime() - TOKEN_AGE_DAYS * DAY_MS);
  const times = `token_issued_at = ${instantIn(url, issuedAt)},
    token_expires_at = ${instantIn(url, new Date(issuedAt.getTime() + 60 * DAY_MS))}`;
  for (let first = 0; first < ids.length; first += SET_AT_ONCE) {
    const rows = ids.slice(first, first + SET_AT_ONCE).map((id, index) => {
      const token = tokens[first + index] ?? "";
      return `('${id}', '${seal.seal(token, { connectionId: id, flavour: "instagram" })}')`;
    });
    await runOn(
      url,
      `WITH given(id, sealed) AS (VALUES ${rows.join(", ")})
       UPDATE connections SET sealed_token = given.sealed, ${times} FROM given WHERE connections.id = given.id`,
    );
  }
}

/** The ids of what is due, found as a worker finds them, and given back. */
async function dueIds(store: Store, count: number): Promise<string[]> {
  const claimed = await store.claimDue({
    owner: "bench",
    now: FILLED_AT,
    leaseMs: 600_000,
    limit: count + 1,
    of: { kind: "due", pausedApps: [] },
  });
  if (claimed.length !== count) throw new Error(`${claimed.length} connections are due instead of ${count}.`);
  await Promise.all(claimed.map(({ lease }) => store.releaseLease(lease, null)));
  return claimed.map(({ connection }) => connection.id);
}
