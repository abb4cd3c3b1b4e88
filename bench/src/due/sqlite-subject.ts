import { openExplainingSqliteStore, type ExplainingSqliteStore } from "@perennial/db/testing";
import { readFileSync } from "node:fs";

import { fillSqlite } from "../lib/fill-sqlite.ts";
import type { Filling } from "../lib/stored-connections.ts";
import { CLAIM_DUE, timeClaim, type Subject } from "./subject.ts";

const PAGE_BYTES = 4096;

/** Fills a SQLite file and opens it. */
export async function openSqliteSubject(file: string, filling: Filling): Promise<Subject> {
  await fillSqlite(file, filling);
  let explaining = await open(file);
  const subject: Subject = {
    engine: "SQLite",
    stored: filling.stored,
    get store() {
      return explaining.store;
    },
    planOfClaim: () => {
      const source = explaining.prepared.find((each) => CLAIM_DUE.test(each));
      if (source === undefined) throw new Error("The store has prepared no claim.");
      return Promise.resolve(explaining.planOf(source));
    },
    pagesOfClaim: async (limit, now) => {
      // A new connection has read nothing yet: every page it needs it reads once, and from the file.
      explaining.sqlite.pragma("wal_checkpoint(TRUNCATE)");
      await explaining.store[Symbol.asyncDispose]();
      explaining = await open(file);
      const before = bytesRead();
      const overhead = bytesRead();
      await timeClaim(subject, limit, now);
      const after = bytesRead();
      if (before === null || overhead === null || after === null) return null;
      return Math.round((after - overhead - (overhead - before)) / PAGE_BYTES);
    },
    countDue: (now) =>
      Promise.resolve(
        Number(
          explaining.sqlite
            .prepare("SELECT count(*) FROM connections WHERE status = 'active' AND next_refresh_at <= ?")
            .pluck()
            .get(now.getTime()),
        ),
      ),
    [Symbol.asyncDispose]: () => explaining.store[Symbol.asyncDispose](),
  };
  return subject;
}

async function open(file: string): Promise<ExplainingSqliteStore> {
  const explaining = await openExplainingSqliteStore(file, Date.now);
  explaining.sqlite.pragma("cache_size = -1048576"); // nothing is read twice
  return explaining;
}

/** What this process has read so far, whatever the system had in memory. Only Linux says so. */
function bytesRead(): number | null {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  } catch {
    return null;
  }
}
