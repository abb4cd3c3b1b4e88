import Database from "better-sqlite3";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

import {
  failureOf,
  historyRow,
  leaseOf,
  renewal,
  sealedToken as sealedTokenOf,
} from "../contract/fixtures.ts";
import type { MovedRow } from "../move/rows.ts";
import {
  contentOf,
  freshDatabase,
  open,
  removeDatabasesAfterAll,
  type EngineName,
} from "../move/testing/two-ends.ts";
import { auditEvent } from "../contract/audit.ts";
import { openStore } from "../open-store.ts";
import { furnish } from "../testing/furnish.ts";
import { migrateAsLaterVersion } from "../testing/later-version.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { createBackup } from "./create-backup.ts";
import { restoreBackup, type RestoreBackupInput } from "./restore-backup.ts";
import { verifyBackup } from "./verify-backup.ts";

removeDatabasesAfterAll();

/** A backup file as anybody can read it. */
class Readable implements Disposable {
  readonly sqlite: Database.Database;
  constructor(file: string) {
    this.sqlite = new Database(file, { readonly: true });
  }
  [Symbol.dispose](): void {
    this.sqlite.close();
  }
}

const PEOPLE = 60;
const ENGINES: EngineName[] = ["SQLite", "Postgres"];
const opensToken = (sealed: string): boolean => sealed.startsWith("v1.k1.");

function backUp(databaseUrl: string, file: string, overwrite = false) {
  return createBackup({
    databaseUrl,
    baseDirectory: "/",
    file,
    overwrite,
    opensToken,
    refuseOtherKeys: () => undefined,
  });
}

async function restore(databaseUrl: string, file: string, more: Partial<RestoreBackupInput> = {}) {
  await using target = await open(databaseUrl);
  const refuseOtherKeys = (): void => undefined;
  return await restoreBackup({
    file,
    target,
    overwrite: false,
    forget: [],
    erase: [],
    opensToken,
    refuseOtherKeys,
    ...more,
  });
}

async function readContent(databaseUrl: string): Promise<Record<string, MovedRow[]>> {
  await using end = await open(databaseUrl);
  return await contentOf(end);
}

describe.each(ENGINES)("a backup of %s", (engine) => {
  it("BR-01 shows one instant although others write meanwhile, and is verified", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase(engine);
    await furnish(url, { connections: PEOPLE });
    await using store = await openStore(url);
    const active = (await store.pageConnections({ after: null, limit: PEOPLE })).filter(
      ({ status }) => status === "active",
    );
    const writing = { isOver: false, written: 0 };
    // A token and its row of history in one transaction: where a backup has one without the other, it shows no instant.
    const write = async (): Promise<void> => {
      while (!writing.isOver) {
        const id = active[writing.written % active.length]?.id ?? "";
        const name = `n${(writing.written += 1)}`;
        await store.saveRefreshed({ lease: await leaseOf(store, id), ...renewal(name) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const writer = write();
    const seen = new Set<number>();
    for (let number = 1; number <= 3; number += 1) {
      const file = join(directory.path, `${number}.db`);
      const { manifest, tokens } = await backUp(url, file);
      expect(manifest).toMatchObject({ engine, keyIds: ["k1"], rows: { connections: PEOPLE, sessions: 0 } });
      expect(tokens?.unreadable).toEqual([]);
      const read = (text: string): number[] => {
        using backup = new Readable(file);
        return backup.sqlite
          .prepare<[], string>(text)
          .pluck()
          .all()
          .map((name) => Number(name.slice(1)));
      };
      const tokensOf = read(
        "SELECT substr(sealed_token, 7) FROM connections WHERE sealed_token GLOB 'v1.k1.n[0-9]*'",
      );
      const history = read("SELECT id FROM refresh_attempts WHERE id GLOB 'n[0-9]*'");
      expect(Math.max(0, ...tokensOf)).toBe(Math.max(0, ...history));
      expect(history).toHaveLength(Math.max(0, ...history)); // each that was written, up to one, and none after it
      seen.add(history.length);
    }
    writing.isOver = true;
    await writer;
    expect(seen.size).toBeGreaterThan(1); // it did write meanwhile
  });

  it.each(ENGINES)("BR-02 is restored into an empty %s, field by field", async (to) => {
    using directory = temporaryDirectory();
    const [from, target] = [await freshDatabase(engine), await freshDatabase(to)];
    await furnish(from, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    const report = await restore(target, file);
    expect(report).toMatchObject({
      isResumed: false,
      tables: { connections: { rows: PEOPLE, written: PEOPLE } },
    });
    const [before, after] = [await readContent(from), await readContent(target)];
    const leftOut = ["sessions", "signInAttempts", "sinkFarewells"];
    expect(leftOut.map((table) => after[table])).toEqual([[], [], []]);
    for (const [table, rows] of Object.entries(before)) {
      if (leftOut.includes(table) || table === "connections") continue;
      expect(after[table], table).toEqual(rows);
    }
    const distrusted = before["connections"]?.map((row) =>
      row["status"] === "active"
        ? { ...row, attemptSentAt: row["updatedAt"], provedAt: null, nextRefreshAt: expect.any(Date) as Date }
        : row,
    );
    expect(after["connections"]).toEqual(distrusted);
    await using store = await openStore(target);
    const due = await store.claimDue({
      owner: "w",
      now: new Date("2026-01-12T00:00:00Z"),
      leaseMs: 1_000,
      limit: 1_000,
      of: { kind: "due", pausedApps: [] },
    });
    expect(due).toHaveLength((PEOPLE / 5) * 3); // the active ones, all of them at once
  });

  it("BR-04 keeps what the house knows better: who left, newer tokens, dead ones, revoked keys", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase(engine);
    await furnish(url, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(url, file);
    const later = new Date("2027-01-01T00:00:00Z");
    const active = (await readContent(url))["connections"]?.filter(({ status }) => status === "active") ?? [];
    const [left, renewed, foreign, dead] = active.map(({ id, userId }) => ({
      id: String(id),
      userId: String(userId),
    }));
    if (left === undefined || renewed === undefined || foreign === undefined || dead === undefined) {
      throw new Error("There are too few.");
    }
    {
      await using store = await openStore(url);
      await store.disconnect({ userId: left.userId, connectionId: left.id, now: later });
      for (const [id, sealedToken] of [
        [renewed.id, "v1.k1.newer"],
        [foreign.id, "v1.k9.nobody-opens-it"],
      ] as const) {
        const claim = await store.claimOne({ connectionId: id, owner: "w", leaseMs: 60_000 });
        if (claim.kind !== "leased") throw new Error("It is not free.");
        await store.saveRefreshed({
          lease: claim.lease,
          token: sealedTokenOf("x", { sealedToken }),
          previous: "none",
          renewedAt: later,
          history: historyRow(`h-${id}`),
          alerts: [],
          now: later,
        });
      }
      const claim = await store.claimOne({ connectionId: dead.id, owner: "w", leaseMs: 60_000 });
      if (claim.kind !== "leased") throw new Error("It is not free.");
      const failure = failureOf("f", { reconnectReason: "token_revoked", nextRefreshAt: null, now: later });
      await store.recordFailure({ lease: claim.lease, ...failure });
    }
    await expect(restore(url, file)).rejects.toMatchObject({ code: "not_empty" });
    const forgotten = active[5];
    const report = await restore(url, file, {
      overwrite: true,
      forget: [String(forgotten?.["userId"]), "con_missing"],
    });
    expect(report.reconciled).toEqual({ renewed: 1, left: 1, dead: 1, revoked: 0, erased: 0 });
    expect(report.forgotten).toEqual({ forgotten: 1, unknown: ["con_missing"] });
    await using store = await openStore(url);
    expect(await store.findConnectionById(left.id)).toMatchObject({
      status: "disconnected",
      sealedToken: null,
    });
    expect(await store.findConnectionById(renewed.id)).toMatchObject({
      sealedToken: "v1.k1.newer",
      provedAt: null,
    });
    expect((await store.findConnectionById(foreign.id))?.sealedToken).toMatch(/^v1\.k1\./);
    expect(await store.findConnectionById(dead.id)).toMatchObject({ status: "reconnect_required" });
    expect(await store.findConnectionById(String(forgotten?.["id"]))).toBeNull();
  });

  it("BR-04 MC-08 brings nobody back who was erased, and keeps what Meta told and what was done since", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase(engine);
    await furnish(url, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(url, file);
    const { connections = [] } = await readContent(url);
    const [one, two, three] = connections.map(({ id, userId }) => ({
      id: String(id),
      userId: String(userId),
    }));
    if (one === undefined || two === undefined || three === undefined) throw new Error("There are too few.");
    const erasedAt = new Date();
    const callback = {
      id: "mcb_since",
      kind: "data_deletion",
      flavour: "instagram",
      providerUserId: "7",
      issuedAt: erasedAt,
      confirmationCode: "code-since",
      acceptedAt: erasedAt,
    } as const;
    {
      await using store = await openStore(url);
      const audit = (id: string) => auditEvent(id, { at: erasedAt });
      await store.eraseUser({ userId: one.userId, erasedAt, audit: audit("a1") });
      const erasure = { connectionId: two.id, authorizedBefore: new Date("2030-01-01"), erasedAt };
      expect(await store.eraseConnection({ ...erasure, audit: audit("a2") })).toBe("done");
      await store.acceptMetaCallback({ callback, audit: audit("a3") });
    }
    const sinceBackup = await readContent(url);
    const cutOff = restore(url, file, {
      overwrite: true,
      onProgress: (progress) => {
        if ("table" in progress && progress.table === "connections") throw new Error("killed");
      },
    });
    await expect(cutOff).rejects.toThrow("killed");
    const report = await restore(url, file, { overwrite: true });
    expect(report.reconciled).toMatchObject({ erased: 4 }); // two people, and a connection of each
    const after = await readContent(url);
    for (const table of ["auditEvents", "erasures", "metaCallbacks", "sinkFarewells"])
      expect(after[table], table).toEqual(sinceBackup[table]);
    await using store = await openStore(url);
    for (const { id, userId } of [one, two]) {
      expect(await store.findConnectionById(id)).toBeNull();
      expect(await store.findUser(userId)).toBeNull();
      expect(await store.listIdentities(userId)).toEqual([]);
    }
    expect(await store.findConnectionById(three.id)).not.toBeNull();
    expect(await store.findMetaCallbackByCode("code-since")).not.toBeNull();
    // The next backup knows it by itself, whatever it is restored into.
    const later = join(directory.path, "later.db");
    await backUp(url, later);
    const empty = await freshDatabase("SQLite");
    await restore(empty, later, { erase: [three.id, "con_of_nobody"] });
    await using elsewhere = await openStore(empty);
    expect(await elsewhere.findUser(three.userId)).toBeNull();
    expect((await readContent(empty))["erasures"]?.map(({ id }) => id)).toEqual(
      expect.arrayContaining([one.userId, one.id, two.id, three.id]),
    );
  });

  it("BR-02 is restored by the same call after it was cut off anywhere, and nobody writes in between", async () => {
    using directory = temporaryDirectory();
    const [from, to] = [await freshDatabase("SQLite"), await freshDatabase(engine)];
    await furnish(from, { connections: PEOPLE });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    for (const table of ["users", "connections", "keyChecks"]) {
      const killed = restore(to, file, {
        onProgress: (progress) => {
          if ("table" in progress && progress.table === table) throw new Error("killed");
        },
      });
      await expect(killed).rejects.toThrow("killed");
    }
    {
      await using store = await openStore(to);
      await expect(store.addKeyCheck({ keyId: "k9", sealed: "x" })).rejects.toMatchObject({ code: "moved" });
    }
    expect(await restore(to, file)).toMatchObject({ isResumed: true, tables: { users: { rows: PEOPLE } } });
    await using store = await openStore(to);
    await expect(store.addKeyCheck({ keyId: "k9", sealed: "x" })).resolves.toBeUndefined();
  });

  it("is refused where servers work, of another version, and into a house that moves", async () => {
    using directory = temporaryDirectory();
    const [from, to] = [await freshDatabase(engine), await freshDatabase(engine)];
    await furnish(from, { connections: 5 });
    const file = join(directory.path, "backup.db");
    await backUp(from, file);
    {
      await using store = await openStore(to);
      await store.beatProcess({ id: "p", kind: "api", startedAt: new Date(), sweptAt: null, keyIds: null });
      await expect(restore(to, file)).rejects.toMatchObject({ code: "at_work" });
      await store.removeProcess("p");
    }
    await migrateAsLaterVersion(from, "CREATE TABLE later (id integer)");
    await expect(backUp(from, join(directory.path, "later.db"))).rejects.toMatchObject({
      code: "schema_newer",
    });
    await using end = await open(to);
    const house = await end.findHouse();
    await end.changeGuard({ from: house, to: { guard: "moved", moveId: "m", counterpartId: "c" } });
    await expect(restore(to, file, { overwrite: true })).rejects.toMatchObject({ code: "wrong_house" });
  });
});

describe("a backup file", () => {
  it("TS-09 is for its owner only, and so is the folder it makes; it is whole or not there", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase("SQLite");
    await furnish(url, { connections: 5 });
    const folder = join(directory.path, "new");
    const file = join(folder, "backup.db");
    await backUp(url, file);
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    await expect(backUp(url, file)).rejects.toMatchObject({ code: "exists" });
    chmodSync(file, 0o644);
    await backUp(url, file, true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(backUp(`file:${directory.path}/missing.db`, join(folder, "b"))).rejects.toMatchObject({
      code: "missing",
    });
    expect(readdirSync(folder)).toEqual(["backup.db"]);
    const [, house = ""] = url.split("file:");
    for (const name of readdirSync(dirname(house))) {
      expect(statSync(join(dirname(house), name)).mode & 0o077, name).toBe(0);
    }
  });

  it("is refused when a byte of it was changed, cut or added, or when it is none", async () => {
    using directory = temporaryDirectory();
    const url = await freshDatabase("SQLite");
    await furnish(url, { connections: 20 });
    const file = join(directory.path, "backup.db");
    await backUp(url, file);
    const whole = readFileSync(file);
    const damaged = join(directory.path, "damaged.db");
    const sentence = async (): Promise<string> =>
      verifyBackup(damaged, null).then(
        () => "verified",
        (error: { code: string }) => error.code,
      );
    const rowsOf = (path: string): string => {
      using backup = new Readable(path);
      return JSON.stringify(backup.sqlite.prepare("SELECT * FROM connections ORDER BY id").all());
    };
    const found = { damaged: 0, unharmed: 0 };
    for (let at = whole.indexOf("v1.k1."); at >= 0; at = whole.indexOf("v1.k1.", at + 1_500)) {
      const copy = Buffer.from(whole);
      copy[at + 6] = (copy[at + 6] ?? 0) ^ 1;
      writeFileSync(damaged, copy);
      if ((await sentence()) === "damaged") found.damaged += 1;
      else {
        expect(rowsOf(damaged)).toBe(rowsOf(file)); // the byte belonged to no row any more
        found.unharmed += 1;
      }
    }
    expect(found.damaged).toBeGreaterThan(5);
    writeFileSync(damaged, whole.subarray(0, whole.length - 4_096));
    expect(await sentence()).toBe("damaged");
    writeFileSync(damaged, "hello");
    expect(await sentence()).toBe("damaged");
    mkdirSync(join(directory.path, "x"));
    const other = join(directory.path, "x", "house.db");
    copyFileSync(url.slice("file:".length), other);
    await expect(verifyBackup(other, null)).rejects.toMatchObject({ code: "damaged" });
    await expect(verifyBackup(join(directory.path, "no"), null)).rejects.toMatchObject({ code: "missing" });
  });
});
