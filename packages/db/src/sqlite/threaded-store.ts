import { Worker } from "node:worker_threads";

import { StoreError } from "../store-error.ts";
import type { Store } from "../store.ts";
import {
  WRITE_METHODS,
  receiveError,
  type WriteMethod,
  type WriterAnswer,
  type WriterCall,
  type WriterData,
  type WriterMessage,
} from "./writer-messages.ts";

const THREAD_FILE = new URL("./writer-thread.ts", import.meta.url);

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/**
 * A store that reads with the store it is given and writes on a thread of its own, so that a sync of the disk,
 * or a wait for another process's lock, holds up nobody who only reads or talks to Instagram.
 */
export function withWriterThread(reader: Store, data: WriterData, leaseNow: () => number): Store {
  const writer = createWriter(data, leaseNow);
  const entries = WRITE_METHODS.map((method) => [method, (...args: unknown[]) => writer.call(method, args)]);
  const writes = Object.fromEntries(entries) as Pick<Store, WriteMethod>;
  return {
    ...reader,
    ...writes,
    changeCount: () => {
      const count = reader.changeCount();
      return count === null ? null : count + writer.answered();
    },
    [Symbol.asyncDispose]: async () => {
      await writer.close();
      await reader[Symbol.asyncDispose]();
    },
  };
}

/** The calls of one turn of the event loop share a message, and on the other side a transaction. */
function createWriter(data: WriterData, leaseNow: () => number) {
  const pending = new Map<number, Pending>();
  let outbox: WriterCall[] = [];
  let lastId = 0;
  let answered = 0;
  let worker: Worker | null = null;
  let isClosed = false;
  let closing: Promise<void> | null = null;

  /** What was under way when a thread died may or may not have been written. */
  const failAll = (cause: unknown): void => {
    const error = new StoreError("unavailable", "The thread that writes the database ended.", { cause });
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    worker = null; // the next call starts another
  };

  const start = (): Worker => {
    const started = new Worker(THREAD_FILE, { workerData: data });
    started.on("message", (answers: WriterAnswer[]) => {
      answered += answers.length;
      for (const answer of answers) {
        const call = pending.get(answer.id);
        pending.delete(answer.id);
        if ("error" in answer) call?.reject(receiveError(answer.error));
        else call?.resolve(answer.value);
      }
      if (pending.size === 0) started.unref(); // an idle writer keeps no process alive
    });
    started.on("error", failAll);
    started.on("exit", () => {
      if (worker === started) failAll(undefined);
    });
    return started;
  };

  const send = (): void => {
    worker ??= start();
    worker.ref();
    worker.postMessage({ calls: outbox, leaseNowMs: leaseNow() } satisfies WriterMessage);
    outbox = [];
  };

  return {
    call: (method: WriteMethod, args: unknown[]): Promise<unknown> => {
      if (isClosed) return Promise.reject(new StoreError("unavailable", "The store is closed."));
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      if (outbox.push({ id: lastId, method, args }) === 1) setImmediate(send);
      return promise;
    },
    /** How many calls the thread has answered: what they wrote is not to be overlooked in the turn that hears of it. */
    answered: (): number => answered,
    /** Refuses further calls and ends the thread once those already made are settled. */
    close: (): Promise<void> => {
      isClosed = true;
      closing ??= new Promise((resolve) => {
        setImmediate(() => {
          if (worker === null) return resolve();
          worker.ref();
          worker.once("exit", resolve);
          worker.postMessage(null);
        });
      });
      return closing;
    },
  };
}
