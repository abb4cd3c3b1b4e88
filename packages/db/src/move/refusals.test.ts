import { describe, expect, it } from "vitest";

import { ALL_DUE, connect, NOW, renewal } from "../contract/fixtures.ts";
import { openStore } from "../open-store.ts";
import { furnishMovable } from "../testing/furnish.ts";
import { abandonMove } from "./abandon-move.ts";
import { moveHouse } from "./move-house.ts";
import { openMovable } from "./open-movable.ts";
import {
  Killed,
  contentOf,
  freshDatabase,
  killAt,
  open,
  openTwoEnds,
  removeDatabasesAfterAll,
} from "./testing/two-ends.ts";

removeDatabasesAfterAll();

const AT_WORK = { name: "MoveError", code: "at_work" };

describe.each(["SQLite", "Postgres"] as const)("a move between houses in %s", (engine) => {
  it.each(["source", "target"] as const)("is refused while a server runs at the %s", async (side) => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await using store = await openStore(ends.addresses[side]);
    await store.beatProcess({ id: "p1", kind: "api", startedAt: NOW, sweptAt: null, keyIds: null });
    await store.beatProcess({ id: "p2", kind: "api", startedAt: NOW, sweptAt: null, keyIds: null });
    await store.beatProcess({ id: "p3", kind: "worker", startedAt: NOW, sweptAt: null, keyIds: null });
    const refused = ends.move();
    await expect(refused).rejects.toMatchObject(AT_WORK);
    await expect(refused).rejects.toThrow(
      `At the ${side} 2 api processes run, 1 worker process runs. Stop them first`,
    );
    await connect(store, "1"); // nothing was sealed
    await Promise.all(["p1", "p2", "p3"].map((id) => store.removeProcess(id)));
    if (side === "source") expect(await ends.move()).toMatchObject({ kind: "moved" });
  });

  it("is refused while a lease is live", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await using store = await openStore(ends.addresses.source);
    const claims = await store.claimDue({ owner: "w", now: NOW, leaseMs: 30_000, limit: 1, of: ALL_DUE });
    const [claim] = claims;
    if (claim === undefined) throw new Error("Nothing was due.");
    await expect(ends.move()).rejects.toMatchObject(AT_WORK);
    await store.releaseLease(claim.lease, null);
    expect(await ends.move()).toMatchObject({ kind: "moved" });
  });

  it("drains: waits for the lease that is live, and carries over what was saved under it", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await using store = await openStore(ends.addresses.source);
    await store.beatProcess({ id: "p1", kind: "worker", startedAt: NOW, sweptAt: null, keyIds: null });
    const [claim] = await store.claimDue({ owner: "w", now: NOW, leaseMs: 30_000, limit: 1, of: ALL_DUE });
    if (claim === undefined) throw new Error("Nothing was due.");
    let waited = 0;
    const pause = async (): Promise<void> => {
      waited += 1;
      const { lease } = claim;
      await store.saveRefreshed({ lease, ...renewal("new") });
    };
    expect(await ends.move({ drain: true, pause })).toMatchObject({ kind: "moved" });
    expect(waited).toBe(1);
    await using moved = await openStore(ends.addresses.target);
    expect(await moved.findConnectionById(claim.connection.id)).toMatchObject({
      sealedToken: "v1.k1.new",
      version: claim.connection.version + 1,
    });
  });

  it("is refused where the target holds people that the source does not know", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await furnishMovable(ends.target, { connections: 3, seed: 2 });
    const before = await contentOf(ends.target);
    await expect(ends.move()).rejects.toMatchObject({ code: "foreign_target" });
    await expect(ends.move()).rejects.toThrow("3 users that the source does not know");
    expect(await contentOf(ends.target)).toEqual(before);
    await using store = await openStore(ends.addresses.source);
    await connect(store, "1"); // nothing was sealed
  });

  it("is refused into itself", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await using again = await open(ends.addresses.source);
    await expect(ends.move({ target: again })).rejects.toMatchObject({ code: "same_database" });
  });

  it("is refused, with nothing sealed, where a token does not open", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    let tokens = 0;
    const refused = ends.move({ opensToken: () => (tokens += 1) !== 2 });
    await expect(refused).rejects.toMatchObject({ code: "token_unreadable" });
    await expect(refused).rejects.toThrow(
      /^1 sealed tokens at the source do not open with TOKEN_KEYS \(con_/,
    );
    await using store = await openStore(ends.addresses.source);
    await connect(store, "1");
  });

  it("is refused, with nothing sealed, where a token from before the current one does not open", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    const refused = ends.move({ opensToken: (sealed) => !sealed.endsWith(".before") });
    await expect(refused).rejects.toMatchObject({ code: "token_unreadable" });
    await using store = await openStore(ends.addresses.source);
    await connect(store, "1");
  });

  it("can be given up, and the same target serves the next one", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await expect(abandonMove({ source: ends.source, target: null })).rejects.toMatchObject({
      code: "wrong_house",
    });
    await expect(ends.move({ onProgress: killAt("comparing") })).rejects.toThrow(Killed);
    await using elsewhere = await open(await freshDatabase(engine));
    await expect(ends.move({ target: elsewhere })).rejects.toThrow("on its way to another database");
    await expect(
      moveHouse({ source: ends.target, target: elsewhere, drain: false, opensToken: () => true }),
    ).rejects.toThrow("it is incomplete");
    await abandonMove({ source: ends.source, target: null });
    await using store = await openStore(ends.addresses.source);
    const added = await connect(store, "1");
    expect(await ends.move()).toMatchObject({ isResumed: false, tables: { users: { written: 1 } } });
    await using moved = await openStore(ends.addresses.target);
    expect(await moved.findConnection(added.userId, added.connectionId)).not.toBeNull();
  });

  it("cannot be given up any more once it was finished", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    await ends.move();
    const { source, target } = ends;
    await expect(abandonMove({ source, target: null })).rejects.toThrow("name the target too");
    await expect(abandonMove({ source, target })).rejects.toThrow("move back");
    await using store = await openStore(ends.addresses.source);
    await expect(connect(store, "1")).rejects.toMatchObject({ code: "moved" });
  });

  it("can be given up between its last two steps, and never ends with two houses that take writes", async () => {
    await using ends = await openTwoEnds([engine, engine], 5);
    const { source, target } = ends;
    const stuck = { ...target, changeGuard: target.changeGuard };
    stuck.changeGuard = async (change) => {
      if (change.to.guard === "open") throw new Killed();
      return target.changeGuard(change);
    };
    await expect(ends.move({ target: stuck })).rejects.toThrow(Killed);
    expect(await source.findHouse()).toMatchObject({ guard: "moved" });
    stuck.changeGuard = async (change) => {
      if (change.to.guard === "open") await abandonMove({ source, target });
      return target.changeGuard(change);
    };
    await expect(ends.move({ target: stuck })).rejects.toMatchObject({ code: "taken_over" });
    expect(await source.findHouse()).toMatchObject({ guard: "open" });
    expect(await target.findHouse()).toMatchObject({ guard: "receiving" });
    expect(await ends.move()).toMatchObject({ kind: "moved", isResumed: false });
  });
});

describe("a file to move from", () => {
  it("has to be there, and none is made", async () => {
    const address = await freshDatabase("SQLite");
    const opened = openMovable(address, { baseDirectory: "/", mayCreate: false });
    await expect(opened).rejects.toMatchObject({ code: "wrong_house" });
    await expect(openMovable("file::memory:", { baseDirectory: "/", mayCreate: true })).rejects.toThrow(
      RangeError,
    );
  });
});
