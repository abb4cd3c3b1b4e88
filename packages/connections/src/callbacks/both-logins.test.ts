import { describe, expect, it } from "vitest";

import { createConnections } from "../create-connections.ts";
import { accept, idOf, signedRequest, tell, type Signing } from "../testing/callbacks.ts";
import { LENA, NORTH, connectMaya } from "../testing/facebook.ts";
import { openTestKeeper } from "../testing/keeper.ts";
import { codeOf } from "../testing/sign-in.ts";

const CALLBACKS = { userId: null, kind: "callback", before: null, limit: 99 };

describe("callbacks of both logins", () => {
  it("MC-05 are about the people of the login whose secret signed them, whatever digits they share", async () => {
    await using keeper = await openTestKeeper();
    const maya = await connectMaya(keeper, [NORTH, LENA]);
    const mayaId = keeper.sim.facebook.get("maya.brandt").appScopedId;
    // Somebody at Instagram whose id is the same as Maya's at Facebook.
    keeper.sim.users.add({
      key: "twin",
      username: "twin",
      name: "Twin",
      professionalId: "17841400000000777",
      appScopedId: mayaId,
    });
    const twin = await keeper.signIn("twin");
    const states = async () => [
      (await keeper.connections.list(maya.userId)).map(({ state }) => state),
      (await keeper.connections.list(twin.userId)).map(({ state }) => state),
    ];
    const crossed: Signing[] = [
      { userId: mayaId, flavour: "facebook", secret: "somebody else's" },
      { userId: "17841400000000777", flavour: "facebook" },
      { userId: keeper.sim.facebookApp.clientId, flavour: "facebook" },
    ];
    for (const signing of crossed) await tell(keeper, "deauthorize", signing).catch(() => undefined);
    expect(await states()).toEqual([["healthy", "healthy"], ["healthy"]]);

    await tell(keeper, "deauthorize", { userId: mayaId, flavour: "instagram" });
    expect(await states()).toEqual([["healthy", "healthy"], ["reconnect_required"]]);
    await tell(keeper, "deauthorize", { userId: mayaId, flavour: "facebook" });
    expect(await states()).toEqual([["reconnect_required", "reconnect_required"], ["reconnect_required"]]);
    await tell(keeper, "data_deletion", { userId: mayaId, flavour: "facebook" });
    expect(await keeper.store.findUser(maya.userId)).toBeNull();
    expect(await keeper.store.findUser(twin.userId)).not.toBeNull();
    // Instagram has two ids for a person: either will do.
    await tell(keeper, "data_deletion", { userId: "17841400000000777" });
    expect(await keeper.store.findUser(twin.userId)).toBeNull();
  });

  it("MC-01 act only where they were signed rightly, by now, with a secret that is configured", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const signing = { userId: idOf(keeper, "acme.shop") };
    const before = await keeper.store.findConnectionById(connectionId);
    const refusals: [Signing, string][] = [
      [{ ...signing, secret: "wrong" }, "signed_request_forged"],
      [{ ...signing, agoMs: 24 * 3_600_000 + 1_000 }, "signed_request_stale"],
      [{ ...signing, agoMs: -601_000 }, "signed_request_stale"],
    ];
    for (const [refused, code] of refusals)
      expect(await codeOf(tell(keeper, "data_deletion", refused))).toBe(code);
    expect(await codeOf(accept(keeper, "deauthorize", "no.request"))).toBe("signed_request_invalid");
    expect(await keeper.store.findConnectionById(connectionId)).toEqual(before);
    expect(await keeper.store.listAuditEvents(CALLBACKS)).toEqual([]);
    expect(await keeper.store.listOpenMetaCallbacks({ limit: 9 })).toEqual([]);
  });

  it("MC-03 end alike in any order and number, with one code and one row", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    await keeper.signIn("acme.shop");
    const signing = { userId: idOf(keeper, "acme.shop") };
    const texts = [0, 1_000, 2_000].map((agoMs) => signedRequest(keeper, { ...signing, agoMs }));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const { callbacks } = index % 2 === 0 ? keeper.connections : other.connections;
        const signed = texts[index % texts.length] ?? "";
        return callbacks.accept({ kind: "data_deletion", signedRequest: signed });
      }),
    );
    await Promise.all([keeper.connections.callbacks.settle(), other.connections.callbacks.settle()]);
    const codes = new Set(answers.map(({ confirmationCode }) => confirmationCode));
    expect([codes.size, new Set(answers.map(({ id }) => id)).size]).toEqual([1, 1]);
    const [code] = codes;
    expect(code).toMatch(/^[A-Za-z0-9_-]{27}$/); // 160 random bits
    expect((await accept(keeper, "data_deletion", texts[1] ?? "")).confirmationCode).toBe(code);
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
    await keeper.connections.callbacks.stop();
    await other.connections.callbacks.stop();
  });

  it("MC-06 MC-07 about somebody unknown are answered alike, and their page says the same", async () => {
    await using keeper = await openTestKeeper();
    await keeper.signIn("acme.shop");
    const known = await tell(keeper, "data_deletion", { userId: idOf(keeper, "acme.shop") });
    const unknown = await tell(keeper, "data_deletion", { userId: "25811112222339999" });
    const shapeOf = ({ id, confirmationCode, isNew }: typeof known) => [
      id.length,
      confirmationCode?.length,
      isNew,
    ];
    expect(shapeOf(unknown)).toEqual(shapeOf(known));
    const { deletionStatus } = keeper.connections.callbacks;
    expect(await deletionStatus(unknown.confirmationCode ?? "")).toEqual(
      await deletionStatus(known.confirmationCode ?? ""),
    );
    for (const code of ["", "x", "x".repeat(27), `${known.confirmationCode}x`, known.id, "%00"])
      expect(await deletionStatus(code)).toBeNull();
  });

  it("MC-09 that a process has accepted and not worked off are worked off by another", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await keeper.signIn("acme.shop");
    const text = signedRequest(keeper, { userId: idOf(keeper, "acme.shop") });
    await keeper.connections.callbacks.stop(); // accepts, and does nothing behind the answer
    const { confirmationCode } = await accept(keeper, "data_deletion", text);
    expect(await keeper.connections.callbacks.deletionStatus(confirmationCode ?? "")).toMatchObject({
      state: "in_progress",
      completedAt: null,
    });
    const other = await keeper.another();
    expect(await other.connections.callbacks.settle()).toBe(1);
    expect(await keeper.store.findUser(userId)).toBeNull();
    expect(await other.connections.callbacks.settle()).toBe(0);
  });

  it("hold up no others where one of them cannot be worked off", async () => {
    await using keeper = await openTestKeeper();
    for (const user of ["acme.shop", "lena.paints"]) await keeper.signIn(user);
    const broken = idOf(keeper, "acme.shop");
    const store = {
      ...keeper.store,
      findConnectionsOfPerson: async (person: Parameters<typeof keeper.store.findConnectionsOfPerson>[0]) => {
        if (person.providerUserId === broken) throw new Error("A fault.");
        return await keeper.store.findConnectionsOfPerson(person);
      },
    };
    const faulty = createConnections({ ...keeper.deps, store });
    await keeper.connections.callbacks.stop();
    await accept(keeper, "data_deletion", signedRequest(keeper, { userId: broken }));
    await accept(keeper, "data_deletion", signedRequest(keeper, { userId: idOf(keeper, "lena.paints") }));
    await expect(faulty.callbacks.settle()).rejects.toThrow("A fault.");
    const left = await keeper.store.pageConnections({ after: null, limit: 9 });
    expect(left.map(({ username }) => username)).toEqual(["acme.shop"]);
    expect(keeper.events.filter(({ event }) => event === "callback.failed")).toHaveLength(1);
  });
});
