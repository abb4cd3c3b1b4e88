import { parentPort, workerData } from "node:worker_threads";

import { openDatabase } from "./connection.ts";
import { createSqliteStore } from "./store.ts";
import {
  sendError,
  type WriterAnswer,
  type WriterCall,
  type WriterData,
  type WriterMessage,
} from "./writer-messages.ts";

// The writer's side of `withWriterThread`: makes the calls in the order they come, and answers in batches.
const port = parentPort;
if (port === null) throw new Error("This file runs as a thread.");
const { file, busyTimeoutMs, damage } = workerData as WriterData;
const sqlite = await openDatabase(file, busyTimeoutMs);
let leaseNowMs = 0;
const store = createSqliteStore(sqlite, { leaseNow: () => leaseNowMs, busyTimeoutMs, damage });

let answers: WriterAnswer[] = [];

/** Group commits settle many calls in one turn: they share a message, which costs as much as a small write. */
function answer(one: WriterAnswer): void {
  if (answers.push(one) > 1) return;
  setImmediate(() => {
    port?.postMessage(answers);
    answers = [];
  });
}

async function perform({ id, method, args }: WriterCall): Promise<void> {
  try {
    const run = store[method] as (...args: unknown[]) => Promise<unknown>;
    answer({ id, value: await run(...args) });
  } catch (error) {
    answer({ id, error: sendError(error) });
  }
}

port.on("message", (message: WriterMessage | null) => {
  if (message === null) {
    void store[Symbol.asyncDispose]().then(() => setImmediate(() => port.close()));
    return;
  }
  leaseNowMs = message.leaseNowMs; // a little old by the time it is used: leases err short
  for (const call of message.calls) void perform(call);
});
