import type { house } from "../sqlite/schema.ts";
import type { RunningProcess } from "../store/processes.ts";
import type { MovedKey, MovedRow, MovedTable } from "./rows.ts";

/**
 * Which database this is, and what keeps writers out of it. `open`: nothing. `draining`: nobody gets a lease,
 * all else goes on. `sealed`: it is being moved away and can only be read. `moved`: it was moved away, and stays
 * so. `receiving`: it is being filled, and only the move may write.
 */
export type House = typeof house.$inferSelect;

/** What keeps writers out of a database. */
export type Guard = House["guard"];

/** The state a database is to be in, or has to be in now. */
export type GuardState = Pick<House, "guard" | "moveId" | "counterpartId">;

/** Who works with a database at this moment. */
export type AtWork = { processes: RunningProcess[]; liveLeases: number };

/** What is written in one transaction. */
export type Batch = { table: MovedTable; upserts: readonly MovedRow[]; deletes: readonly MovedKey[] };

/** One end of a move: a database, whatever its engine. All rows come and go in the same form. */
export type Movable = AsyncDisposable & {
  readonly engine: "SQLite" | "Postgres";
  /** The state of the database; a random id is made for it when it has none yet. */
  findHouse(): Promise<House>;
  /**
   * Puts the guard up, changes it or takes it down, in one transaction that waits for every write under way.
   * False, and nothing is changed, where the state is not the expected one any more, or where somebody is at
   * work although nobody may be.
   */
  changeGuard(change: { from: GuardState; to: GuardState; onlyIfIdle?: boolean }): Promise<boolean>;
  findAtWork(): Promise<AtWork>;
  countRows(table: MovedTable): Promise<number>;
  /** Rows after a key, in the order of keys. */
  readPage(table: MovedTable, after: MovedKey | null, limit: number): Promise<MovedRow[]>;
  /** A row as this engine can hold it. */
  storable(row: MovedRow): MovedRow;
  /**
   * Writes into a database that is receiving this very move. What it deletes takes along what belongs to it.
   *
   * @throws {MoveError} `taken_over` when it is not receiving it any more; nothing was written.
   */
  receive(moveId: string, batch: Batch): Promise<void>;
};
