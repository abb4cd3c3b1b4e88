import type Database from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";

import { StoreError } from "../store-error.ts";
import { noteDamage, refuseWritesIfDamaged, type Damage } from "./damage.ts";
import { drizzle } from "./drizzle.ts";
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
  /** Counts the writes of this connection, in the turn that commits them. */
  writeCount: () => number;
  /** Settles the writes under way, then closes the file. */
  close: () => Promise<void>;
};

/** Puts group commit, error translation, patience and the stop at damage around a connection. */
export function createEngine(sqlite: Database.Database, busyTimeoutMs: number, damage: Damage): Engine {
  const writes = createGroupCommit(sqlite, busyTimeoutMs);
  let writeCount = 0;
  const counted =
    <Result>(work: () => Result) =>
    (): Result => {
      writeCount += 1;
      return work();
    };
  const rethrow = (error: unknown): never => {
    throw noteDamage(damage, error);
  };

  return {
    db: drizzle(sqlite),
    sqlite,
    write: async (work) => {
      refuseWritesIfDamaged(damage);
      return writes.write(counted(work)).catch(rethrow);
    },
    writeWithoutSync: async (work) => {
      refuseWritesIfDamaged(damage);
      return writes.writeWithoutSync(counted(work)).catch(rethrow);
    },
    read: async (work) => {
      if (!sqlite.open) throw new StoreError("unavailable", "The store is closed.");
      return withPatience(work, busyTimeoutMs).catch(rethrow);
    },
    writeCount: () => writeCount,
    close: async () => {
      await writes.close();
      sqlite.close();
    },
  };
}
