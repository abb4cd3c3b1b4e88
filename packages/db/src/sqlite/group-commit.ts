import type Database from "better-sqlite3";
import { setImmediate as endOfTurn } from "node:timers/promises";

import { StoreError } from "../store-error.ts";
import { isBusy, toStoreError } from "./errors.ts";
import { pause } from "./patience.ts";

/** A group this large is committed before it grows further, so that other processes get their turn. */
const GROUP_LIMIT = 500;

type PendingWrite = {
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** When waiting for the lock ends, in `performance.now()` time. */
  deadline: number;
  isDurable: boolean;
};

type Outcome = { isDone: true; value: unknown } | { isDone: false; error: unknown };

/** Runs writes in shared transactions. */
export type GroupCommit = {
  /**
   * Runs a synchronous write inside the next group's transaction and resolves once that is on the disk.
   * When it throws, its own changes are undone and the rest of the group is not touched.
   */
  write: <Result>(work: () => Result) => Promise<Result>;
  /**
   * The same for what a power cut may forget, such as a lease: seen by every process at once, but with no
   * sync of its own. A crash of the process alone loses none of it.
   */
  writeWithoutSync: <Result>(work: () => Result) => Promise<Result>;
  /** Refuses further writes and resolves when those already asked for are settled. */
  close: () => Promise<void>;
};

/**
 * Lets the writes of one turn of the event loop share one IMMEDIATE transaction, and so one sync of the
 * disk. Each write is a savepoint. A group runs from BEGIN to COMMIT without a pause, so no transaction
 * ever spans an await; the wait for another process's lock leaves the event loop free.
 */
export function createGroupCommit(sqlite: Database.Database, busyTimeoutMs: number): GroupCommit {
  const statements = prepareTransaction(sqlite);
  let waiting: PendingWrite[] = [];
  let draining: Promise<void> | null = null;
  let isClosed = false;
  let isSyncing = true; // as the connection was opened

  async function drain(): Promise<void> {
    await endOfTurn(); // what else arrives until then joins the group
    while (waiting.length > 0) {
      setSync(waiting.slice(0, GROUP_LIMIT).some((write) => write.isDurable));
      if (begin()) {
        commitGroup(sqlite, statements, waiting.splice(0, GROUP_LIMIT));
        if (waiting.length > 0) await endOfTurn();
      } else {
        await pause();
      }
    }
    draining = null; // in the same turn as the last look, or a write could be forgotten
  }

  /** Before a transaction, never inside: SQLite ignores the setting there. */
  function setSync(isDurable: boolean): void {
    if (isDurable === isSyncing) return;
    sqlite.exec(`PRAGMA synchronous = ${isDurable ? "FULL" : "NORMAL"}`); // an eighth of what the driver's own way costs
    isSyncing = isDurable;
  }

  /** False while another process holds the lock; whoever waited too long is told so. */
  function begin(): boolean {
    try {
      statements.begin.run();
      return true;
    } catch (error) {
      const now = performance.now();
      const isGivenUp = (write: PendingWrite) => !isBusy(error) || write.deadline <= now;
      for (const write of waiting.filter(isGivenUp)) write.reject(toStoreError(error));
      waiting = waiting.filter((write) => !isGivenUp(write));
      return false;
    }
  }

  function enqueue<Result>(work: () => Result, isDurable: boolean): Promise<Result> {
    if (isClosed) return Promise.reject(new StoreError("unavailable", "The store is closed."));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.push({ run: work, resolve, reject, deadline: performance.now() + busyTimeoutMs, isDurable });
    draining ??= drain();
    return promise as Promise<Result>;
  }

  return {
    write: (work) => enqueue(work, true),
    writeWithoutSync: (work) => enqueue(work, false),
    close: async () => {
      isClosed = true;
      await draining;
    },
  };
}

type TransactionStatements = ReturnType<typeof prepareTransaction>;

function prepareTransaction(sqlite: Database.Database) {
  return {
    begin: sqlite.prepare("BEGIN IMMEDIATE"),
    commit: sqlite.prepare("COMMIT"),
    rollback: sqlite.prepare("ROLLBACK"),
    savepoint: sqlite.prepare("SAVEPOINT one_write"),
    release: sqlite.prepare("RELEASE one_write"),
    rollbackTo: sqlite.prepare("ROLLBACK TO one_write"),
  };
}

/**
 * Runs a group in the transaction that was begun, commits it, and only then tells the writers. Writes fail
 * seldom, so they run bare at first; only when one does is the group run again with a savepoint for each.
 */
function commitGroup(
  sqlite: Database.Database,
  statements: TransactionStatements,
  group: PendingWrite[],
): void {
  let outcomes: Outcome[];
  try {
    outcomes = runBare(statements, group) ?? group.map((write) => runInSavepoint(sqlite, statements, write));
    statements.commit.run();
  } catch (error) {
    for (const write of group) write.reject(toStoreError(error));
    if (sqlite.inTransaction) statements.rollback.run();
    return;
  }
  for (const [index, write] of group.entries()) {
    const outcome = outcomes[index];
    if (outcome?.isDone) write.resolve(outcome.value);
    else write.reject(toStoreError(outcome?.error));
  }
}

/** Null when one of several failed: the transaction is then begun anew. A lone write's error is the group's. */
function runBare(statements: TransactionStatements, group: PendingWrite[]): Outcome[] | null {
  try {
    return group.map((write) => ({ isDone: true, value: write.run() }));
  } catch (error) {
    if (group.length === 1) throw error;
    statements.rollback.run();
    statements.begin.run();
    return null;
  }
}

/** @throws when the error took the whole transaction with it, as a full disk does. */
function runInSavepoint(
  sqlite: Database.Database,
  statements: TransactionStatements,
  write: PendingWrite,
): Outcome {
  statements.savepoint.run();
  try {
    const value = write.run();
    statements.release.run();
    return { isDone: true, value };
  } catch (error) {
    if (!sqlite.inTransaction) throw error;
    statements.rollbackTo.run();
    statements.release.run();
    return { isDone: false, error };
  }
}
