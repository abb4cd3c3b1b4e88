import type Database from "better-sqlite3";
import { drizzle, type BetterSQLite3Database } from "drizzle-orm/better-sqlite3";

import { StoreError } from "../store.ts";
import { createGroupCommit } from "./group-commit.ts";
import { withPatience } from "./patience.ts";

/** An open database and the two ways into it. */
export type Engine = {
  db: BetterSQLite3Database;
  sqlite: Database.Database;
  /** Runs a synchronous read outside of any transaction. */
  read: <Result>(work: () => Result) => Promise<Result>;
  /** Runs a synchronous write, alone or in a group; see `createGroupCommit`. */
  write: <Result>(work: () => Result) => Promise<Result>;
  /** The same for what a power cut may forget. */
  writeWithoutSync: <Result>(work: () => Result) => Promise<Result>;
  /** Settles the writes under way, then closes the file. */
  close: () => Promise<void>;
};

/** Puts group commit, error translation and patience around a connection. */
export function createEngine(sqlite: Database.Database, busyTimeoutMs: number): Engine {
  const writes = createGroupCommit(sqlite, busyTimeoutMs);

  return {
    db: drizzle(sqlite),
    sqlite,
    write: writes.write,
    writeWithoutSync: writes.writeWithoutSync,
    read: async (work) => {
      if (!sqlite.open) throw new StoreError("unavailable", "The store is closed.");
      return withPatience(work, busyTimeoutMs);
    },
    close: async () => {
      await writes.close();
      sqlite.close();
    },
  };
}
