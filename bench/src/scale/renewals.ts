import { openStore, type Store } from "@perennial/db";

import { EVERYTHING_DUE, renew } from "../lib/renew.ts";

const WORKERS = 4;
const BATCH = 16;

/** Claims and saves everything that is due, with four loops on one store; answers how many per second. */
export async function renewEverything(url: string, now: Date): Promise<number> {
  await using store = await openStore(`${url}?pool_max=20`);
  const startedMs = performance.now();
  const counts = await Promise.all(Array.from({ length: WORKERS }, () => work(store, now)));
  return (counts.reduce((all, count) => all + count, 0) / (performance.now() - startedMs)) * 1000;
}

async function work(store: Store, now: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const batch = await store.claimDue({
      owner: "bench",
      now,
      leaseMs: 600_000,
      limit: BATCH,
      of: EVERYTHING_DUE,
    });
    await Promise.all(batch.map((leased) => renew(store, leased, now)));
    count += batch.length;
    if (batch.length < BATCH) return count;
  }
}
