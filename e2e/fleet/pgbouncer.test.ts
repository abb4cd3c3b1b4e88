import { findPgBouncer, startPgBouncer } from "@perennial/db/testing";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { expect, it } from "vitest";

import { expectOneRefreshEach, startLoadedFleet } from "./testing.ts";

const CONNECTIONS = 500;
const LIMIT_MS = 60_000;
// No package of the registry holds one: it is the machine's own, and where there is none this says so.
const pooler = findPgBouncer();

it(
  `DB-07 WK-02 four workers behind PgBouncer in transaction mode refresh ${CONNECTIONS} connections once each`,
  { timeout: LIMIT_MS },
  async (context) => {
    if (pooler === null) return context.skip("NOT PROVED HERE: this machine has no pgbouncer.");
    await using database = await createTestDatabase();
    await using bouncer = await startPgBouncer(pooler, database.url);
    const through = bouncer.through(database.url);
    const { url: databaseUrl } = database;
    await using loaded = await startLoadedFleet({ databaseUrl, through, connections: CONNECTIONS });
    await expectOneRefreshEach(loaded, CONNECTIONS);
    expect(await loaded.fleet.stop()).toEqual([0, 0, 0, 0, 0, 0]);
  },
);
