import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "../testing/keeper.ts";
import { actingAs, OPERATOR, whoActs } from "./acting.ts";

const HOUR_MS = 3_600_000;

const by = (actor: string) => ({ actor, requestId: "request-1", clientNetwork: "192.0.2.0/24" });

async function kindsOf({ store }: TestKeeper): Promise<string[]> {
  const events = await store.listAuditEvents({ userId: null, before: null, limit: 99 });
  return events.map(({ kind }) => kind);
}

describe("whoever acts", () => {
  it("is told apart at the same time, through everything that is awaited", async () => {
    const nap = () => new Promise<void>((resolve) => setImmediate(resolve));
    const acts = Array.from({ length: 50 }, (_, index) =>
      actingAs(by(`usr_${index}`), async () => {
        await nap();
        const inner = await actingAs(by(OPERATOR), async () => {
          await nap();
          return whoActs().actor;
        });
        await nap();
        return [inner, whoActs().actor];
      }),
    );
    const told = await Promise.all(acts);
    expect(told).toEqual(told.map((_, index) => [OPERATOR, `usr_${index}`]));
    expect(whoActs()).toEqual({ actor: "system", requestId: null, clientNetwork: null });
  });
});

describe("the audit", () => {
  it("OB-03 has what goes on and on once in an hour of the clock, from however many processes", async () => {
    await using keeper = await openTestKeeper();
    const { audit } = keeper.connections;
    const elsewhere = (await keeper.another()).connections.audit;
    const about = { userId: null, of: "192.0.2.0/24" };
    for (let minute = 0; minute < 60; minute += 10) {
      await Promise.all([audit, elsewhere].map((each) => each.recordHourly("operator.refused", about)));
      keeper.advanceWall(HOUR_MS / 6);
    }
    expect(await kindsOf(keeper)).toEqual(["operator.refused"]);
    await elsewhere.recordHourly("operator.refused", about);
    await audit.recordHourly("operator.refused", { ...about, of: "198.51.100.0/24" });
    await audit.recordHourly("sweep.requested", about);
    expect(await kindsOf(keeper)).toHaveLength(4);
  });

  it("OB-03 is not filled by whoever comes from many networks", async () => {
    await using keeper = await openTestKeeper();
    const { audit } = keeper.connections;
    const writes = Array.from({ length: 1_500 }, (_, index) =>
      audit.recordHourly("operator.refused", { userId: null, of: `2001:db8:${index.toString(16)}::/48` }),
    );
    await Promise.all(writes);
    const events = await keeper.store.listAuditEvents({ userId: null, before: null, limit: 5_000 });
    expect(events).toHaveLength(1_000);
  });

  it("OB-03 shows people what was done to their account and by whom, and nothing of others'", async () => {
    await using keeper = await openTestKeeper();
    const { connections } = keeper;
    const { userId } = await actingAs(by("visitor"), () => keeper.signIn("acme.shop"));
    await keeper.signIn("lena.paints");
    keeper.advanceWall(1_000);
    const settings = { name: "Uploader", connectionIds: null, expiresAt: null, allowedAddresses: null };
    const { key, secret } = await actingAs(by(userId), () =>
      connections.createApiKey({ userId, actions: ["read"], ...settings }),
    );
    keeper.advanceWall(1_000);
    const visit = { secret, address: "2001:db8:7:8::9", action: "read", requestId: "request-2" } as const;
    await connections.visits.toAll(visit);
    await keeper.store.checkWritable(); // what is written behind the answer is there
    keeper.advanceWall(1_000);
    await actingAs(by(OPERATOR), () => connections.revokeApiKey({ userId, id: key.id }));
    const activity = await connections.audit.activity({ userId, limit: 20 });
    const told = activity.map((each) => [each.kind, each.by, each.clientNetwork]);
    expect(told.slice(0, 3)).toEqual([
      ["key.revoked", "operator", "192.0.2.0/24"],
      ["key.used", "key", "2001:db8:7::/48"],
      ["key.created", "you", "192.0.2.0/24"],
    ]);
    expect(told.slice(3).map(String).toSorted()).toEqual([
      "connection.created,you,192.0.2.0/24",
      "session.opened,you,192.0.2.0/24",
    ]);
    const [newest] = await connections.audit.activity({ userId, limit: 1 });
    expect(newest).toEqual(activity[0]);
  });

  it("OB-03 says of a key that it was used in this hour, whoever used it and however often", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await keeper.signIn("acme.shop");
    const other = await keeper.another();
    const { secret } = await keeper.connections.createApiKey({
      userId,
      name: "Uploader",
      actions: ["read"],
      connectionIds: null,
      expiresAt: null,
      allowedAddresses: null,
    });
    const use = async (): Promise<void> => {
      for (const { connections, store } of [keeper, other]) {
        await connections.visits.toAll({ secret, address: null, action: "read", requestId: null });
        await store.checkWritable();
      }
    };
    const uses = async () => (await kindsOf(keeper)).filter((kind) => kind === "key.used").length;
    for (let minute = 0; minute < 60; minute += 15) {
      await use();
      keeper.advanceWall(HOUR_MS / 4);
    }
    expect(await uses()).toBe(1);
    await use();
    expect(await uses()).toBe(2);
  });
});
