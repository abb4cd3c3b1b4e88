import { describe, expect, it } from "vitest";

import { connect, days, minutes, sealedToken } from "../contract/fixtures.ts";
import { dropDatabase, runOn } from "../testing/index.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { openPostgresStore } from "./open.ts";

async function setForDatabase(url: string, setting: string): Promise<void> {
  await runOn(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting}`);
}

describe("opening a Postgres store", () => {
  it("keeps what was written for the next one who opens it", async () => {
    await using database = await createTestDatabase();
    const first = await openPostgresStore({ url: database.url });
    const { userId } = await connect(first, "1");
    await first[Symbol.asyncDispose]();
    await using second = await openPostgresStore({ url: database.url });
    expect(await second.listConnections(userId)).toHaveLength(1);
  });

  it.each(["Asia/Kathmandu", "America/St_Johns", "UTC"])(
    "reads instants as they were written where the database is at home in %s",
    async (zone) => {
      await using database = await createTestDatabase();
      await setForDatabase(database.url, `timezone = '${zone}'`);
      await using store = await openPostgresStore({ url: database.url });
      const tokenExpiresAt = new Date("2026-10-25T01:30:00.123Z");
      await connect(store, "1", { tokenExpiresAt });
      const expected = { ...sealedToken("first-1"), tokenExpiresAt, createdAt: minutes(1) };
      expect(await store.findConnectionById("con-1")).toMatchObject(expected);
      expect((await store.findSession("session-first-1", minutes(2)))?.expiresAt).toEqual(days(7));
    },
  );

  it("refuses a database whose dates would be read wrongly", async () => {
    await using database = await createTestDatabase();
    await setForDatabase(database.url, "datestyle = 'SQL, DMY'");
    await expect(openPostgresStore({ url: database.url })).rejects.toThrow(/DateStyle/);
  });

  it("leases by the clock of the database", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    await connect(store, "1");
    await store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
    const query = `SELECT lease_until BETWEEN now() + interval '50 s' AND now() + interval '60 s' AS is_right
      FROM connections`;
    expect(await runOn(database.url, query)).toEqual([{ is_right: true }]);
    const claim = { connectionId: "con-1", owner: "x", leaseMs: 60_000 };
    expect((await store.claimOne(claim)).kind).toBe("busy");
    await runOn(database.url, "UPDATE connections SET lease_until = now() - interval '1 ms'");
    expect((await store.claimOne(claim)).kind).toBe("leased");
  });

  it("uses no more connections than the address allows, however much is asked at once", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: `${database.url}?pool_max=2` });
    await Promise.all(Array.from({ length: 100 }, () => store.checkWritable()));
    const query =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    expect(await runOn(database.url, query)).toHaveLength(2);
  });

  it("says unavailable, and no password, where there is no such database or user", async () => {
    await using database = await createTestDatabase();
    await dropDatabase(database.url);
    const wrong = new URL(database.url);
    wrong.password = "canary";
    for (const url of [database.url, wrong.href]) {
      const opened = openPostgresStore({ url });
      await expect(opened).rejects.toMatchObject({ name: "StoreError", code: "unavailable" });
      await expect(opened).rejects.not.toThrow(/canary|test_/);
    }
  });
});
