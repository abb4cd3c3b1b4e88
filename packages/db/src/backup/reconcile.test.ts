import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { auditEvent } from "../contract/audit.ts";
import { failureOf, historyRow, sealedToken as sealedTokenOf } from "../contract/fixtures.ts";
import { freshDatabase, removeDatabasesAfterAll } from "../move/testing/two-ends.ts";
import { openStore } from "../open-store.ts";
import { furnish } from "../testing/furnish.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { ENGINES, PEOPLE, backUp, readContent, restore } from "./testing/back-and-forth.ts";

removeDatabasesAfterAll();

describe.each(ENGINES)("a backup that is restored into a house of %s that knows more", (engine) => {
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
});
