import { existsSync } from "node:fs";
import { randomUUID } from "node:crypto";

import { count, eq, gt } from "../drizzle.ts";
import { MoveError } from "../move/errors.ts";
import { isState } from "../move/guard-state.ts";
import type { Movable } from "../move/movable.ts";
import { MOVED_TABLE_NAMES, type MovedTable } from "../move/rows.ts";
import { openDatabase } from "./connection.ts";
import { noDamage } from "./damage.ts";
import { createEngine, type Engine } from "./engine.ts";
import { toStoreError } from "./errors.ts";
import { applyGuard } from "./guard.ts";
import { migrate } from "./migrate.ts";
import { prepareMovedTable, type MovedTableStatements } from "./moved-tables.ts";
import { createProcessMethods } from "./processes.ts";
import { connections, house } from "./schema.ts";

/** How to open a SQLite file for a move. */
export type SqliteMovableOptions = {
  file: string;
  /** Whether a file that is not there is made. */
  mayCreate: boolean;
  leaseNow: () => number;
  busyTimeoutMs: number;
};

/**
 * Opens a SQLite file as one end of a move, and migrates it.
 *
 * @throws {MoveError} `wrong_house` where there is no file and none may be made.
 * @throws {StoreError} as `openSqliteStore`.
 */
export async function openSqliteMovable(options: SqliteMovableOptions): Promise<Movable> {
  const { file, mayCreate, leaseNow, busyTimeoutMs } = options;
  if (!mayCreate && !existsSync(file)) {
    throw new MoveError("wrong_house", "There is no database file at the address to move from.");
  }
  const sqlite = await openDatabase(file, busyTimeoutMs);
  try {
    await migrate(sqlite, busyTimeoutMs);
    return createSqliteMovable(createEngine(sqlite, busyTimeoutMs, noDamage()), leaseNow);
  } catch (error) {
    sqlite.close();
    throw toStoreError(error);
  }
}

function createSqliteMovable(engine: Engine, leaseNow: () => number): Movable {
  const { db, sqlite, read, write, writeWithoutSync } = engine;
  const tables = Object.fromEntries(
    MOVED_TABLE_NAMES.map((table) => [table, prepareMovedTable(db, table)]),
  ) as Record<MovedTable, MovedTableStatements>;
  const processes = createProcessMethods(engine, leaseNow);
  const findHouse = () => db.select().from(house).get();
  const countLeases = () =>
    db
      .select({ leases: count() })
      .from(connections)
      .where(gt(connections.leaseUntil, new Date(leaseNow())))
      .get()?.leases ?? 0;

  const findAtWork: Movable["findAtWork"] = async () => ({
    processes: await processes.listRunningProcesses(),
    liveLeases: await read(countLeases),
  });

  return {
    engine: "SQLite",
    findHouse: () =>
      write(() => {
        const found = findHouse();
        if (found !== undefined) return found;
        const made = { id: randomUUID(), guard: "open", moveId: null, counterpartId: null } as const;
        return db
          .insert(house)
          .values({ ...made, changedAt: new Date(leaseNow()) })
          .returning()
          .get();
      }),
    changeGuard: async ({ from, to, onlyIfIdle = false }) => {
      if (onlyIfIdle && (await findAtWork()).processes.length > 0) return false;
      return write(() => {
        const found = findHouse();
        if (found === undefined || !isState(found, from)) return false;
        if (onlyIfIdle && countLeases() > 0) return false;
        db.update(house)
          .set({ ...to, changedAt: new Date(leaseNow()) })
          .run();
        applyGuard(sqlite, to.guard);
        return true;
      });
    },
    findAtWork,
    countRows: (table) => read(() => tables[table].count()),
    readPage: (table, after, limit) => read(() => tables[table].page(after, limit)),
    storable: (row) => row,
    receive: (moveId, { table, upserts, deletes }) =>
      writeWithoutSync(() => {
        const receiving = db.select().from(house).where(eq(house.moveId, moveId)).get();
        if (receiving?.guard !== "receiving") {
          throw new MoveError("taken_over", "The target does not receive this move any more.");
        }
        db.update(house).set({ guard: "open" }).run(); // for this transaction alone: nobody else ever sees it
        for (const key of deletes) tables[table].remove(key);
        for (const row of upserts) tables[table].makeRoom(row);
        for (const row of upserts) tables[table].upsert(row);
        db.update(house).set({ guard: "receiving" }).run();
      }),
    [Symbol.asyncDispose]: engine.close,
  };
}
