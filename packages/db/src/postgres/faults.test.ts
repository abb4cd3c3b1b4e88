import { Client } from "pg";
import { describe, expect, it } from "vitest";

import {
  ALL_DUE,
  beginSignIn,
  callbackOf,
  completion,
  profileOf,
  connect,
  minutes,
  newAttempt,
  NOW,
  signIn,
} from "../contract/fixtures.ts";
import { StoreError } from "../store-error.ts";
import { runOn } from "../testing/index.ts";
import { createTestDatabase } from "../testing/vitest.ts";
import { PostgresFault, toStoreError } from "./faults.ts";
import { openPostgresStore } from "./open.ts";

async function openClient(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

describe("a Postgres store in trouble", () => {
  it("DB-02 says busy when somebody keeps a lock for longer than the busy time", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url, busyTimeoutMs: 50 });
    const own = await connect(store, "1");
    await using holder = await openClient(database.url);
    await holder.query("BEGIN; SELECT 1 FROM connections WHERE id = 'con-1' FOR UPDATE");
    const left = store.disconnect({ ...own, now: NOW });
    await expect(left).rejects.toMatchObject({ name: "StoreError", code: "busy", retryable: true });
    expect(await store.findConnectionById("con-1")).toMatchObject({ status: "active" }); // readers wait for nobody
    expect(
      await store.claimDue({ owner: "w", now: minutes(1e6), leaseMs: 1, limit: 9, of: ALL_DUE }),
    ).toEqual([]); // nor do claims
    await holder.query("ROLLBACK");
    expect(await store.disconnect({ ...own, now: NOW })).toBe(true);
  });

  it("does again what met a deadlock", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    const own = await connect(store, "1");
    // The first two writes of the connection end as if they were the victims of one.
    await runOn(
      database.url,
      `CREATE SEQUENCE victims;
       CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('victims') <= 2 THEN RAISE EXCEPTION 'victim' USING ERRCODE = '40P01'; END IF;
         RETURN NEW; END $$;
       CREATE TRIGGER fail BEFORE UPDATE ON connections FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    expect(await store.disconnect({ ...own, now: NOW })).toBe(true);
    expect((await store.findConnectionById("con-1"))?.status).toBe("disconnected");
  });

  it("DB-03 says unavailable where it may read but not write, and reads on", async () => {
    await using database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url }))[Symbol.asyncDispose]();
    const name = new URL(database.url).pathname.slice(1);
    await runOn(database.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await using store = await openPostgresStore({ url: database.url });
    await expect(store.checkWritable()).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.createSignInAttempt(newAttempt("a"))).rejects.toThrow(/read but not written/);
    expect(await store.listKeyChecks()).toEqual([]);
  });

  it("DB-08 goes on after each of its connections was ended, idle or at work", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    await connect(store, "1");
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await runOn(database.url, kill);
    await store.touchSession("session-first-1", minutes(3));
    await runOn(database.url, kill);
    expect(await store.findConnectionById("con-1")).not.toBeNull();

    await using holder = await openClient(database.url);
    await holder.query("BEGIN; SELECT 1 FROM connections WHERE id = 'con-1' FOR UPDATE");
    const claim = store.claimOne({ connectionId: "con-1", owner: "w", leaseMs: 60_000 });
    const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await expect.poll(() => runOn(database.url, waiting)).toHaveLength(1);
    await runOn(database.url, `SELECT pg_terminate_backend(pid) FROM (${waiting}) AS waiting`);
    await holder.query("ROLLBACK");
    expect(await claim).toMatchObject({ kind: "leased" }); // asked again, and its owner may take its own lease
  });

  it("DB-08 does not repeat what may have been done, and says so", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    await store.createSignInAttempt(newAttempt("a"));
    await using holder = await openClient(database.url);
    await holder.query("BEGIN; SELECT 1 FROM sign_in_attempts FOR UPDATE");
    const failure = store.claimSignInAttempt(callbackOf("a")).catch((error: unknown) => error);
    const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await expect.poll(() => runOn(database.url, waiting)).toHaveLength(1);
    await runOn(database.url, `SELECT pg_terminate_backend(pid) FROM (${waiting}) AS waiting`);
    expect(await failure).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("may be done"),
    });
    await holder.query("ROLLBACK");
    const attempt = await store.findSignInAttempt({ id: "a", browserHash: "browser-a" });
    expect(attempt?.status).toBe("started");
  });

  it("says busy when every connection stays in use, and no sooner", async () => {
    const fault = new PostgresFault(new Error("timeout exceeded when trying to connect"), "not_sent");
    expect(fault.mayPass).toBe(false);
    expect(toStoreError(fault)).toMatchObject({ code: "busy" });
  });

  it("answers after its end that it is closed, and lets what was asked before finish", async () => {
    await using database = await createTestDatabase();
    const store = await openPostgresStore({ url: `${database.url}?pool_max=1` });
    const last = connect(store, "1").catch((error: unknown) => error);
    const checks = [1, 2, 3].map(() => store.checkWritable());
    await store[Symbol.asyncDispose]();
    await Promise.all(checks);
    const closed = { name: "StoreError", code: "unavailable", message: "The store is closed." };
    expect(await last).toMatchObject(closed);
    await expect(store.findConnectionById("con-1")).rejects.toMatchObject(closed);
    await store[Symbol.asyncDispose]();
  });

  it("ends a sign-in as gone when the user it was begun for is gone", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    const { userId } = await connect(store, "1");
    await beginSignIn(store, "b", { linkUserId: userId });
    await runOn(database.url, `DELETE FROM users WHERE id = '${userId}'`);
    expect(await store.completeSignIn(completion("b", "2"))).toEqual({ kind: "attempt_gone" });
    expect(await store.findConnectionIdByAccount("2")).toBeNull();
    for (const table of ["identities", "connections", "sessions", "refresh_attempts"]) {
      expect(await runOn(database.url, `SELECT 1 FROM ${table}`)).toEqual([]);
    }
    expect(await signIn(store, "c", "1")).toMatchObject({ kind: "completed", isNewUser: true });
  });

  it("prunes however much there is, and waits for nobody", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url, busyTimeoutMs: 50 });
    await connect(store, "1");
    await runOn(
      database.url,
      `INSERT INTO sessions SELECT 's' || n, 'usr-first-1', NULL, now(), now(), '2026-01-01Z'
       FROM generate_series(1, 12345) AS n`,
    );
    await using holder = await openClient(database.url);
    await holder.query("BEGIN; SELECT 1 FROM sessions WHERE id_hash = 's7' FOR UPDATE");
    expect(await store.prune(NOW)).toBe(12_344);
    await holder.query("ROLLBACK");
    expect(await store.prune(NOW)).toBe(1);
  });

  it("keeps what text a person may have, but for the NUL that Postgres has no place for", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url });
    const profile = {
      ...profileOf("user1"),
      username: "å'\"\\{é",
      name: "nul\u0000",
      followersCount: 9e12,
    };
    await signIn(store, "a", "1", { account: { profile } });
    const kept = { username: "å'\"\\{é", name: "nul\uFFFD", followersCount: 9e12 };
    expect(await store.findConnectionById("con-1")).toMatchObject(kept);
  });

  it("keeps values and statements out of every error, and all that hangs on it", async () => {
    await using database = await createTestDatabase();
    await using store = await openPostgresStore({ url: database.url, busyTimeoutMs: 50 });
    const attempt = newAttempt("canary-id", { stateHash: "canary-state" });
    await store.createSignInAttempt(attempt);
    const failures: unknown[] = [];
    const noteFailure = (error: unknown) => void failures.push(error);
    await store.createSignInAttempt(attempt).catch(noteFailure);
    await runOn(database.url, "ALTER TABLE sign_in_attempts RENAME TO gone");
    await store.createSignInAttempt(attempt).catch(noteFailure);

    expect(failures).toMatchObject([{ name: "RangeError" }, { code: "unavailable" }]);
    expect(failures[1]).toBeInstanceOf(StoreError);
    for (const failure of failures) {
      const cause = failure instanceof Error ? failure.cause : undefined;
      const everything = [failure, cause].flatMap((error) =>
        error instanceof Error
          ? Object.getOwnPropertyNames(error).map((key) => String(error[key as keyof Error]))
          : [],
      );
      expect(everything.join(" ")).not.toMatch(/canary|insert|values|select/i);
    }
  });

  it.each([
    ["XX001", "corrupt"],
    ["53100", "unavailable"],
    ["57014", "busy"],
    ["40001", "busy"],
    ["53300", "busy"],
    ["57P03", "unavailable"],
    ["28P01", "unavailable"],
  ])("knows SQLSTATE %s as %s", (code, expected) => {
    const fault = new PostgresFault(Object.assign(new Error("canary"), { code }), "not_sent");
    expect(toStoreError(fault)).toMatchObject({ code: expected });
    expect(String(toStoreError(fault))).not.toContain("canary");
  });
});
