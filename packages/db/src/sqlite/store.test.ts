import { afterAll } from "vitest";

import { describeStoreContract } from "../store.contract.ts";
import { openSqliteStore } from "./open.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

const directory = temporaryDirectory();
afterAll(() => {
  directory[Symbol.dispose]();
});

let databases = 0;

describeStoreContract("a SQLite file", async (options) => {
  databases += 1;
  const file = `${directory.path}/${databases}.db`;
  return {
    store: await openSqliteStore({ ...options, file }),
    another: () => openSqliteStore({ ...options, file }),
  };
});

describeStoreContract("SQLite in memory", async (options) => ({
  store: await openSqliteStore({ ...options, file: ":memory:" }),
}));
