import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Pool, PoolClient } from "pg";

import { DrizzleQueryError } from "../drizzle.ts";
import { StoreError } from "../store-error.ts";
import { drizzle } from "./drizzle.ts";
import { PostgresFault } from "./faults.ts";
import { withPatience } from "./patience.ts";

/** A statement that was built once. It has the empty name, so the server keeps nothing of it. */
export type Statement<Rows> = { execute(values?: Record<string, unknown>): Promise<Rows> };

/** Sends a statement at once, before the answers to earlier ones are there. */
export type Run = <Rows>(statement: Statement<Rows>, values?: Record<string, unknown>) => Promise<Rows>;

/** How a write is done. */
export type WriteOptions = {
  /** False for what a crash of the server may forget. */
  isDurable?: boolean;
  /** Whether it may be done twice; see `withPatience`. */
  isRepeatable?: boolean;
};

/** A pool of connections and the ways into it. None of them leaves anything behind on a connection. */
export type Engine = {
  db: NodePgDatabase;
  /** Reads, outside of any transaction. */
  read: <Result>(work: (run: Run) => Promise<Result>) => Promise<Result>;
  /**
   * One transaction, sent whole in one round trip: `work` sends all its statements before it first waits.
   * It is told when it is done again, because nobody knows whether the first time counted.
   */
  write: <Result>(
    work: (run: Run, isRepeat: boolean) => Promise<Result>,
    options?: WriteOptions,
  ) => Promise<Result>;
  /**
   * One transaction that looks before it writes, and waits for nothing but its own statements. Done again, it
   * has to look whether it was done before.
   */
  transaction: <Result>(
    work: (run: Run, isRepeat: boolean) => Promise<Result>,
    options?: Pick<WriteOptions, "isDurable">,
  ) => Promise<Result>;
  /** Reads everything as it was at the first statement of `work`, for however long that takes. */
  snapshot: <Result>(work: (run: Run) => Promise<Result>) => Promise<Result>;
  /** Settles what is under way, then closes the connections. */
  close: () => Promise<void>;
};

/** Puts transactions, time limits, patience and error translation around a pool. */
export function createEngine(pool: Pool, busyTimeoutMs: number): Engine {
  const { db, runOn } = createSender();
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  async function perform<Result>(
    isRepeatable: boolean,
    work: (client: PoolClient, isRepeat: boolean) => Promise<Result>,
  ): Promise<Result> {
    if (closing !== null) throw new StoreError("unavailable", "The store is closed.");
    const performed = withPatience((isRepeat) => onConnection(pool, (client) => work(client, isRepeat)), {
      forMs: busyTimeoutMs,
      isRepeatable,
    });
    underWay.add(performed);
    return performed.finally(() => underWay.delete(performed));
  }

  return {
    db,
    read: (work) => perform(true, (client) => work(runOn(client))),
    write: (work, { isDurable = true, isRepeatable = false } = {}) =>
      perform(isRepeatable, async (client, isRepeat) => {
        const begun = send(client, begin(isDurable, busyTimeoutMs));
        const worked = (async () => work(runOn(client), isRepeat))();
        const committed = send(client, "COMMIT");
        const outcomes = await Promise.allSettled([begun, worked, committed]);
        for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
        return worked;
      }),
    transaction: (work, { isDurable = true } = {}) =>
      perform(true, async (client, isRepeat) => {
        const begun = send(client, begin(isDurable, busyTimeoutMs));
        const [, result] = await Promise.all([begun, work(runOn(client), isRepeat)]).catch(
          async (error: unknown) => {
            throw await undo(client, error);
          },
        );
        await send(client, "COMMIT");
        return result;
      }),
    snapshot: (work) =>
      perform(false, async (client) => {
        await send(client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        const result = await work(runOn(client)).catch(async (error: unknown) => {
          throw await undo(client, error);
        });
        await send(client, "COMMIT");
        return result;
      }),
    close: () => {
      closing ??= Promise.allSettled(underWay).then(() => pool.end());
      return closing;
    },
  };
}

/** Where statements go at this moment, and the first error that came of it. */
type Sending = { client: PoolClient; firstError: unknown };

/** The transaction has failed before: true, and no help. */
const ABORTED = "25P02";

/** Drizzle builds statements and reads their answers; which connection they go to is said for each. */
function createSender(): { db: NodePgDatabase; runOn: (client: PoolClient) => Run } {
  let current: Sending | null = null;
  const query = async (...args: unknown[]): Promise<unknown> => {
    if (current === null) throw new Error("A statement was executed outside of the engine.");
    const sending = current;
    try {
      return await (Reflect.apply(sending.client.query, sending.client, args) as Promise<unknown>);
    } catch (error) {
      sending.firstError ??= error;
      throw error;
    }
  };
  const runOn = (client: PoolClient): Run => {
    const sending: Sending = { client, firstError: null };
    return async (statement, values) => {
      current = sending;
      const answer = statement.execute(values); // which sends before it returns
      current = null;
      return answer.catch((error: unknown) => {
        if (!(error instanceof DrizzleQueryError)) throw error;
        const fault = new PostgresFault(error.cause, "unknown");
        throw fault.code === ABORTED ? new PostgresFault(sending.firstError, "unknown") : fault;
      });
    };
  };
  return { db: drizzle({ client: { query } as unknown as Pool }), runOn };
}

/** Takes a connection for one piece of work; one that was lost on the way is not given back. */
async function onConnection<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new PostgresFault(error, "not_sent");
  });
  let isUsable = false;
  try {
    const result = await work(client);
    isUsable = true;
    return result;
  } catch (error) {
    isUsable = !(error instanceof PostgresFault && error.isLost) && client.getTransactionStatus() === "I";
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

async function send(client: PoolClient, text: string): Promise<void> {
  await client.query(text).catch((error: unknown) => {
    throw new PostgresFault(error, "unknown");
  });
}

/** What was not committed is undone, however the connection fares. */
async function undo(client: PoolClient, error: unknown): Promise<unknown> {
  if (error instanceof PostgresFault) error.outcome = "undone";
  // Where it cannot be said, the connection is not idle and will not be used again.
  await send(client, "ROLLBACK").catch(() => undefined);
  return error;
}

/**
 * Limits and durability hold for the transaction only. A lock that is not had in the busy time ends as `busy`.
 * A commit waits for the disk even where the database's default is not to; where it waits for replicas to
 * have applied it, it still does.
 */
function begin(isDurable: boolean, busyTimeoutMs: number): string {
  const durable = `SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`;
  return [
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    `SET LOCAL lock_timeout = ${busyTimeoutMs}`,
    `SET LOCAL statement_timeout = ${busyTimeoutMs * 2}`,
    isDurable ? durable : "SET LOCAL synchronous_commit = off",
  ].join("; ");
}
