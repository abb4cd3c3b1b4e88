import { describe, expect, it } from "vitest";

import { asked } from "../testing/callbacks.ts";
import { openTestKeeper } from "../testing/keeper.ts";
import { codeOf } from "../testing/sign-in.ts";

describe("a person's account", () => {
  it("is exported with everything that is kept, and without a token, secret or hash", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, sessionId } = await keeper.signIn("acme.shop");
    await keeper.signIn("lena.paints");
    await keeper.connections.validate({ connectionId, userId, trigger: "person" });
    const open = { connectionIds: null, expiresAt: null, allowedAddresses: null };
    const { secret } = await keeper.connections.createApiKey({
      userId,
      name: "Up",
      actions: ["read"],
      ...open,
    });
    const exported = await asked(userId, () => keeper.connections.account.export(userId));
    expect(exported).toMatchObject({
      format: "perennial-account-export-1",
      user: { id: userId },
      identities: [{ flavour: "instagram" }],
      connections: [{ id: connectionId, username: "acme.shop", history: [{}, {}], sinks: [] }],
      apiKeys: [{ name: "Up" }],
      sessions: [{ userAgent: "test" }],
      audit: expect.arrayContaining([
        expect.objectContaining({
          kind: "account.exported",
          actor: userId,
          clientNetwork: "192.0.2.0/24",
        }),
      ]) as unknown,
    });
    const text = JSON.stringify(exported);
    const record = await keeper.store.findConnectionById(connectionId);
    const [session] = await keeper.store.listSessions({ userId, wallNow: keeper.deps.wallNow() });
    const { accessToken } = await keeper.connections.handOut({ connectionId, trigger: "api" });
    for (const kept of [record?.sealedToken, accessToken, secret, sessionId, session?.idHash, "lena.paints"])
      expect(text).not.toContain(kept);
    expect(await codeOf(keeper.connections.account.export("usr_x"))).toBe("user_not_found");
  });

  it("is exported whole, however long its history is", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const look = (index: number) =>
      keeper.store.recordValidation({
        connectionId,
        version: 1,
        finding: { kind: "unclear" },
        now: keeper.deps.now(),
        history: {
          id: `att_${index}`,
          kind: "validate",
          trigger: "person",
          // Many of one instant, over the end of a page.
          startedAt: new Date(Date.UTC(2026, 5, 1) + Math.floor(index / 40) * 1_000),
          finishedAt: keeper.deps.now(),
          outcome: "failed",
          errorCode: "transient",
          traceId: null,
          tokenExpiresAt: null,
          transcript: null,
        },
      });
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => look(index)));
    const { connections } = await keeper.connections.account.export(userId);
    expect(connections[0]?.history).toHaveLength(1_201);
  });

  it("SE-06 is erased where they typed one of their names, and not otherwise", async () => {
    await using keeper = await openTestKeeper();
    const { userId, sessionId } = await keeper.signIn("acme.shop");
    const second = await keeper.signIn("lena.paints", { linkUserId: userId, sessionId });
    const stranger = await keeper.signIn("north.cafe").catch(() => null);
    const erase = (typed: string) => asked(userId, () => keeper.connections.account.erase({ userId, typed }));
    for (const typed of ["", "erase", "acme", "acme.shop2", "@", "north.cafe"])
      expect(await codeOf(erase(typed))).toBe("erasure_not_confirmed");
    expect(await keeper.connections.findSession(second.sessionId)).not.toBeNull();
    await erase(" @Acme.Shop ");
    const other = await keeper.another();
    expect(await other.connections.findSession(second.sessionId)).toBeNull();
    expect(await keeper.store.findUser(userId)).toBeNull();
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toHaveLength(
      stranger === null ? 0 : 1,
    );
    const [audit] = await keeper.store.listAuditEvents({ userId, kind: "account", before: null, limit: 1 });
    expect(audit).toMatchObject({
      kind: "account.erased",
      actor: userId,
      requestId: "request-1",
      detail: { users: 1, connections: 2, identities: 2 },
    });
    expect(await codeOf(erase("acme.shop"))).toBe("erasure_not_confirmed");
  });
});
