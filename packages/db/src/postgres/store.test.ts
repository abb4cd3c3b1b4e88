import { afterAll, beforeAll } from "vitest";

import { describeStoreContract } from "../store.contract.ts";
import type { Store } from "../store.ts";
import {
  openDatabaseDesk,
  startPostgresServer,
  type DatabaseDesk,
  type PostgresServer,
} from "../testing/postgres-server.ts";
import { openPostgresStore } from "./open.ts";

// Not the run's own server: what others write there moves the change marker, which is one of the whole server.
let server: PostgresServer;
let desk: DatabaseDesk;
/** A database that is migrated already: that an empty one is, is what the tests of migrations are for. */
let migrated: string;
beforeAll(async () => {
  server = await startPostgresServer();
  desk = await openDatabaseDesk(server.url);
  migrated = await server.createDatabase();
  await (await openPostgresStore({ url: migrated }))[Symbol.asyncDispose]();
});
afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await server.stop();
});

describeStoreContract("Postgres", async (options) => {
  const url = await desk.createDatabase(migrated);
  const store = await openPostgresStore({ ...options, url });
  return {
    store: withoutDatabase(store, url),
    another: () => openPostgresStore({ ...options, url }),
  };
});

/** A store that takes its database along when it is closed; the test closes it last. */
function withoutDatabase(store: Store, url: string): Store {
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await desk.dropDatabase(url);
    },
  };
}
