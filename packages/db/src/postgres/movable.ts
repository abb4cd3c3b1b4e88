import { randomUUID } from "node:crypto";

import type { Pool } from "pg";

import { and, count, eq, gt, sql } from "../drizzle.ts";
import { MoveError } from "../move/errors.ts";
import { isState } from "../move/guard-state.ts";
import type { Movable } from "../move/movable.ts";
import { MOVED_TABLE_NAMES, type MovedRow, type MovedTable, type MovedValue } from "../move/rows.ts";
import { createEngine, type Engine, type Run } from "./engine.ts";
import { guardStatements, lockAgainstWrites } from "./guard.ts";
import { prepareMovedTable, type MovedTableStatements } from "./moved-tables.ts";
import { openMigratedPool } from "./open.ts";
import { createProcessMethods } from "./processes.ts";
import { connections, house } from "./schema.ts";

/** How to open a Postgres database for a move. */
export type PostgresMovableOptions = { url: string; busyTimeoutMs: number };

/**
 * Opens a Postgres database as one end of a move, and migrates it.
 *
 * @throws {RangeError} when the address is none.
 * @throws {StoreError} as `openPostgresStore`.
 */
export async function openPostgresMovable({ url, busyTimeoutMs }: PostgresMovableOptions): Promise<Movable> {
  const { pool } = await openMigratedPool(url, busyTimeoutMs);
  return createPostgresMovable(pool, busyTimeoutMs);
}

function createPostgresMovable(pool: Pool, busyTimeoutMs: number): Movable {
  const engine = createEngine(pool, busyTimeoutMs);
  const { db, read, transaction } = engine;
  const tables = Object.fromEntries(
    MOVED_TABLE_NAMES.map((table) => [table, prepareMovedTable(db, table)]),
  ) as Record<MovedTable, MovedTableStatements>;
  const processes = createProcessMethods(engine, undefined);
  const state = prepareState(db);
  const countLeases = async (run: Run) => (await run(state.countLeases))[0]?.leases ?? 0;

  const findAtWork: Movable["findAtWork"] = async () => ({
    processes: await processes.listRunningProcesses(),
    liveLeases: await read(countLeases),
  });

  return {
    engine: "Postgres",
    findHouse: () =>
      transaction(async (run) => {
        await run(statementOf(db, "LOCK TABLE public.house IN EXCLUSIVE MODE"));
        const [found] = await run(state.find);
        if (found !== undefined) return found;
        const [made] = await run(state.make, { id: randomUUID() });
        if (made === undefined) throw new Error("Postgres inserted a row and did not return it.");
        return made;
      }),
    changeGuard: async ({ from, to, onlyIfIdle = false }) => {
      if (onlyIfIdle && (await findAtWork()).processes.length > 0) return false;
      return transaction(async (run, isRepeat) => {
        await run(statementOf(db, lockAgainstWrites(to.guard)));
        const [found] = await run(state.findForUpdate);
        if (isRepeat && isState(found, to)) return true; // it was done, and the answer lost
        if (!isState(found, from)) return false;
        if (onlyIfIdle && (await countLeases(run)) > 0) return false;
        await run(
          db
            .update(house)
            .set({ ...to, changedAt: sql`now()` })
            .prepare(""),
        );
        for (const statement of guardStatements(to.guard)) await run(statementOf(db, statement));
        return true;
      });
    },
    findAtWork,
    countRows: async (table) => (await read((run) => run(tables[table].count)))[0]?.rows ?? 0,
    readPage: async (table, after, limit) => {
      const { page, pageValues } = tables[table];
      return (await read((run) => run(page, pageValues(after, limit)))) as MovedRow[];
    },
    storable,
    receive: (moveId, { table, upserts, deletes }) =>
      transaction(
        async (run) => {
          const opened = await run(state.openForMove, { moveId });
          if (opened.rowCount !== 1) {
            throw new MoveError("taken_over", "The target does not receive this move any more.");
          }
          const statements = tables[table].write(upserts, deletes);
          await Promise.all([...statements.map((statement) => run(statement)), run(state.closeForMove)]);
        },
        // The end of the move is a commit that waits for the disk, and the log is written in its order.
        { isDurable: false },
      ),
    [Symbol.asyncDispose]: engine.close,
  };
}

function prepareState(db: Engine["db"]) {
  const isReceiving = and(eq(house.guard, "receiving"), eq(house.moveId, sql.placeholder("moveId")));
  return {
    find: db.select().from(house).prepare(""),
    findForUpdate: db.select().from(house).for("update").prepare(""),
    make: db
      .insert(house)
      .values({ id: sql.placeholder("id"), guard: "open", changedAt: sql`now()` })
      .returning()
      .prepare(""),
    // Nobody else ever sees it open: it is closed again before the commit.
    openForMove: db.update(house).set({ guard: "open" }).where(isReceiving).prepare(""),
    closeForMove: db.update(house).set({ guard: "receiving" }).prepare(""),
    countLeases: db
      .select({ leases: count() })
      .from(connections)
      .where(gt(connections.leaseUntil, sql`now()`))
      .prepare(""),
  };
}

function statementOf(db: Engine["db"], text: string) {
  return { execute: () => db.execute(sql.raw(text)).execute() }; // sent before it returns
}

/** Postgres holds no NUL; the store writes U+FFFD in its place, and so does a move. */
function storable(row: MovedRow): MovedRow {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, withoutNul(value)]));
}

function withoutNul(value: MovedValue): MovedValue {
  if (typeof value === "string") return value.replaceAll("\u0000", "\uFFFD");
  return Array.isArray(value) ? value.map((item: string) => item.replaceAll("\u0000", "\uFFFD")) : value;
}
