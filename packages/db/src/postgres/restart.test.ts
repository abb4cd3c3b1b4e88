import { describe, expect, it } from "vitest";

import { connect, newAttempt, NOW, renewal } from "../contract/fixtures.ts";
import { StoreError } from "../store-error.ts";
import type { Store } from "../store.ts";
import { startPostgresServer } from "../testing/index.ts";
import { openPostgresStore } from "./open.ts";

const RESTARTS = 20;
const WRITERS = 8;

type Report = { saved: Set<string>; lostLeases: number; refused: string[] };

/** Refreshes one connection over and over, and notes what was acknowledged. */
async function refreshOnAndOn(store: Store, account: string, report: Report, isOver: () => boolean) {
  for (let count = 0; !isOver(); count += 1) {
    const id = `h-${account}-${count}`;
    try {
      const claim = await store.claimOne({ connectionId: `con-${account}`, owner: "w", leaseMs: 1 });
      if (claim.kind !== "leased") continue;
      const { lease } = claim;
      if (await store.saveRefreshed({ lease, ...renewal(id) })) report.saved.add(id);
      else report.lostLeases += 1;
      await store.createSignInAttempt(newAttempt(id));
    } catch (error) {
      report.refused.push(error instanceof StoreError ? error.code : String(error));
    }
  }
}

describe("restarts", () => {
  it(
    "DB-08 loses nothing that was acknowledged and fails cleanly in 20 restarts under load",
    { timeout: 120_000 },
    async () => {
      await using server = await startPostgresServer();
      const url = await server.createDatabase();
      await using store = await openPostgresStore({ url });
      const accounts = Array.from({ length: WRITERS }, (_, index) => String(index));
      const users = new Map<string, string>();
      for (const account of accounts) {
        users.set(account, (await connect(store, account, { nextRefreshAt: NOW })).userId);
      }

      const report: Report = { saved: new Set(), lostLeases: 0, refused: [] };
      let isOver = false;
      const writers = accounts.map((account) => refreshOnAndOn(store, account, report, () => isOver));
      try {
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          const before = report.saved.size;
          const isWritten = { interval: 5, timeout: 15_000 }; // the machine may be busy with something else
          await expect.poll(() => report.saved.size, isWritten).toBeGreaterThan(before + WRITERS);
          await server.restart({ isCrash: restart % 2 === 1 });
        }
      } finally {
        isOver = true; // writers that never end would hold the whole run up
      }
      await Promise.all(writers);

      expect(report.saved.size).toBeGreaterThan(RESTARTS * WRITERS);
      expect(report.lostLeases).toBe(0); // a save that was cut off is found by its history, not given up
      expect(report.refused.filter((code) => code !== "unavailable")).toEqual([]);
      const stored = new Set<string>();
      for (const [account, userId] of users) {
        const query = { userId, connectionId: `con-${account}`, limit: 100_000, before: null };
        for (const row of await store.listHistory(query)) stored.add(row.id);
      }
      expect([...report.saved].filter((id) => !stored.has(id))).toEqual([]);
    },
  );
});
