import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { describeStoreContract } from "../store.contract.ts";
import {
  dropDatabase,
  findPgBouncer,
  startPgBouncer,
  startPostgresServer,
  type PgBouncer,
  type PostgresServer,
} from "../testing/index.ts";
import { openPostgresStore } from "./open.ts";

const program = findPgBouncer();

describe.skipIf(program === null)("DB-07", () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  beforeAll(async () => {
    server = await startPostgresServer();
    pooler = await startPgBouncer(program ?? "", server.url);
  });
  afterAll(async () => {
    await pooler[Symbol.asyncDispose]();
    await server.stop();
  });

  describeStoreContract("Postgres behind PgBouncer in transaction mode", async (options) => {
    const url = await server.createDatabase();
    const open = () => openPostgresStore({ ...options, url: pooler.through(url) });
    const store = await open();
    const closeAndDrop = async (): Promise<void> => {
      await store[Symbol.asyncDispose]();
      await dropDatabase(url);
    };
    return { store: { ...store, [Symbol.asyncDispose]: closeAndDrop }, another: open };
  });
});

describe("the pooler of this machine", () => {
  // No package of the registry holds one: where the machine has none either, this says so.
  it("DB-07 is there to run the contract through", (context) => {
    if (program === null) context.skip("NOT PROVED HERE: this machine has no pgbouncer.");
    expect(program).toMatch(/pgbouncer$/);
  });
});
