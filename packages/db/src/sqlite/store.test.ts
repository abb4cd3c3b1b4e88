import { copyFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";

import { describeStoreContract } from "../store.contract.ts";
import { openSqliteStore } from "./open.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

const directory = temporaryDirectory();
afterAll(() => {
  directory[Symbol.dispose]();
});

/** A file that is migrated already: that an empty one is, is what the tests of migrations are for. */
const migrated = `${directory.path}/migrated.db`;
beforeAll(async () => {
  await (await openSqliteStore({ file: migrated }))[Symbol.asyncDispose]();
});

let databases = 0;

// In memory it is proved where each statement is run both ways: compile-statement.test.ts.
describeStoreContract("a SQLite file", async (options) => {
  databases += 1;
  const file = `${directory.path}/${databases}.db`;
  copyFileSync(migrated, file);
  return {
    store: await openSqliteStore({ ...options, file }),
    another: () => openSqliteStore({ ...options, file }),
  };
});
