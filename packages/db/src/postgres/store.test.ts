import { afterAll, beforeAll } from "vitest";

import { describeStoreContract } from "../store.contract.ts";
import type { Store } from "../store.ts";
import { dropDatabase, startPostgresServer, type PostgresServer } from "../testing/index.ts";
import { openPostgresStore } from "./open.ts";

// Not the run's own server: what others write there moves the change marker, which is one of the whole server.
let server: PostgresServer;
/** A database that is migrated already: that an empty one is, is what the tests of migrations are for. */
let migrated: string;
beforeAll(async () => {
  server = await startPostgresServer();
  migrated = await server.createDatabase();
  await (await openPostgresStore({ url: migrated }))[Symbol.asyncDispose]();
});
afterAll(() => server.stop());

describeStoreContract("Postgres", async (options) => {
  const url = await server.createDatabase(migrated);
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
      await dropDatabase(url);
    },
  };
}
