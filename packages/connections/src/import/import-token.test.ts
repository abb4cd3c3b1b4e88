import { describe, expect, it } from "vitest";

import { ConnectionError } from "../errors.ts";
import { bring } from "../testing/bring.ts";
import { openTestKeeper } from "../testing/keeper.ts";
import { codeOf } from "../testing/sign-in.ts";

const DAY_MS = 86_400_000;

async function refusal(work: Promise<unknown>): Promise<[code: string, detail: string | null]> {
  try {
    await work;
    return ["fine", null];
  } catch (error) {
    if (error instanceof ConnectionError) return [error.code, error.detail];
    throw error;
  }
}

describe("an Instagram token that is brought by hand", () => {
  it("is refreshed when it is old enough, so that its end is told", async () => {
    await using keeper = await openTestKeeper();
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    keeper.sim.clock.advance({ days: 10 });
    const result = await bring(keeper, `IG_TOKEN="${value}"`);
    const connection = { username: "acme.shop", flavour: "instagram", isNew: true, expiryBasis: "told" };
    expect(result).toMatchObject({ kind: "imported", connections: [connection] });
    if (result.kind !== "imported") return;
    const [{ connectionId, expiresAt } = { connectionId: "", expiresAt: new Date(0) }] = result.connections;
    expect((expiresAt.getTime() - keeper.sim.clock.now().getTime()) / DAY_MS).toBeGreaterThan(59);
    const view = await keeper.connections.get(result.userId, connectionId);
    expect(view).toMatchObject({ state: "healthy", username: "acme.shop" });
    expect(view.deadlines?.tokenExpiry.basis).toBe("told");
    expect(JSON.stringify(result)).not.toContain(value);
    const { accessToken } = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(keeper.sim.lineages().some(({ tokens }) => tokens.some(({ isLive }) => isLive))).toBe(true);
    expect(accessToken).toMatch(/^SIMTOK_/);
  });

  it("starts an honest clock where it is too young to be refreshed and nobody said when it ends", async () => {
    await using keeper = await openTestKeeper();
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    const result = await bring(keeper, value);
    expect(result).toMatchObject({ connections: [{ expiryBasis: "estimated" }] });
    if (result.kind !== "imported") return;
    const view = await keeper.connections.get(result.userId, result.connections[0]?.connectionId ?? "");
    expect(view.deadlines?.tokenExpiry.basis).toBe("estimated");
    // It is refreshed as soon as that may be, and then its end is known.
    keeper.sim.clock.advance({ days: 1, minutes: 5 });
    const { signal } = new AbortController();
    expect((await keeper.connections.sweep({ trigger: "worker", concurrency: 1, signal })).refreshed).toBe(1);
    const after = await keeper.connections.get(result.userId, view.id);
    expect(after.deadlines?.tokenExpiry.basis).toBe("told");
  });

  it("takes the end that was given with it, and marks it as such", async () => {
    await using keeper = await openTestKeeper();
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    const text = JSON.stringify({ access_token: value, expires_in: 30 * 86_400 });
    const result = await bring(keeper, text);
    expect(result).toMatchObject({ connections: [{ expiryBasis: "given" }] });
    if (result.kind !== "imported") return;
    const livesMs = (result.connections[0]?.expiresAt.getTime() ?? 0) - keeper.sim.clock.now().getTime();
    expect(Math.round(livesMs / DAY_MS)).toBe(30);
  });

  it("is upgraded when it is short-lived", async () => {
    await using keeper = await openTestKeeper();
    const { authorizationUrl } = await keeper.begin();
    const address = new URL(await keeper.sim.authorize({ authorizationUrl, user: "acme.shop" }));
    const redirectUri = `${address.origin}${address.pathname}`;
    const code = address.searchParams.get("code") ?? "";
    const short = await keeper.deps.logins.instagram?.exchangeCode({ code, redirectUri });
    const result = await bring(keeper, short?.value ?? "");
    expect(result).toMatchObject({ connections: [{ expiryBasis: "told" }] });
  });

  it("replaces the dead token of the same account in place, for its user", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 70 });
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    const result = await bring(keeper, value, { connectionId });
    expect(result).toMatchObject({ kind: "imported", userId, connections: [{ connectionId, isNew: false }] });
    expect((await keeper.connections.get(userId, connectionId)).state).not.toBe("expired");
  });

  it("is refused precisely, and changes nothing", async () => {
    await using keeper = await openTestKeeper();
    const { sim } = keeper;
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    const before = await keeper.store.pageConnections({ after: null, limit: 9 });

    expect(await refusal(bring(keeper, "hello"))).toEqual([
      "import_unreadable",
      "Nothing in it looks like a token.",
    ]);
    const ofLena = sim.issueLongLivedToken("lena.paints").value;
    const belongs = "The token belongs to @lena.paints, not to @acme.shop.";
    expect(await refusal(bring(keeper, ofLena, { connectionId }))).toEqual(["wrong_account", belongs]);
    const ofAcme = sim.issueLongLivedToken("acme.shop").value;
    const held = await refusal(
      bring(keeper, ofAcme, { userId: other.userId, expiresInSeconds: 60 * 86_400 }),
    );
    expect(held).toEqual(["account_held", "It is @acme.shop."]);
    const [code, detail] = await refusal(bring(keeper, ofAcme, { userId }));
    expect([code, detail]).toEqual(["import_not_better", expect.stringMatching(/ends on 2\d\d\d-/)]);
    const past = await refusal(bring(keeper, ofAcme, { userId, expiresInSeconds: null }));
    expect(past[0]).toBe("import_not_better");
    const gone = JSON.stringify({ access_token: ofAcme, expires_at: "2020-01-01T00:00:00Z" });
    expect(await refusal(bring(keeper, gone, { userId }))).toEqual([
      "token_expired",
      "It expired on 2020-01-01.",
    ]);
    const notOurs = bring(keeper, "SIMTOK_nobody-ever-issued-this-one-to-anybody");
    expect((await refusal(notOurs))[0]).toBe("token_invalid");
    const personal = sim.issueLongLivedToken("north.roasters").value;
    sim.users.switchToPersonal("north.roasters");
    expect(await refusal(bring(keeper, personal))).toEqual(["account_not_eligible", null]);
    sim.users.removeApp("acme.shop");
    expect((await refusal(bring(keeper, ofAcme, { userId })))[0]).toBe("token_revoked");

    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual(before);
  });

  it("MC-08 takes a fresh id when the connection is erased while it is sealed, and so does a sign-in", async () => {
    let meanwhile: (() => Promise<void>) | null = null;
    await using keeper = await openTestKeeper({
      change: ({ store }) => ({
        store: {
          ...store,
          findConnectionIdByAccount: async (accountId) => {
            const id = await store.findConnectionIdByAccount(accountId);
            const now = meanwhile;
            meanwhile = null;
            await now?.();
            return id;
          },
        },
      }),
    });
    const { connectionId: first, userId } = await keeper.signIn("acme.shop");
    meanwhile = () => keeper.connections.account.erase({ userId, typed: "acme.shop" });
    const second = await keeper.signIn("acme.shop");
    expect(second.connectionId).not.toBe(first);
    meanwhile = () => keeper.connections.account.erase({ userId: second.userId, typed: "acme.shop" });
    const third = await bring(keeper, keeper.sim.issueLongLivedToken("acme.shop").value);
    expect(third).toMatchObject({ kind: "imported", connections: [{ isNew: true }] });
    if (third.kind !== "imported") return;
    expect([first, second.connectionId]).not.toContain(third.connections[0]?.connectionId);
  });

  it("is refused with what helps whoever brings it: to reconnect only where there is a connection", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    keeper.sim.users.removeApp("acme.shop");
    const cure = async (request: Parameters<typeof bring>[2]) => {
      const error = await bring(keeper, value, request).catch((thrown: unknown) => thrown);
      return error instanceof ConnectionError ? [error.code, error.during, error.cure] : error;
    };
    const another = "Sign in with the account, or bring a token of it that works; nothing was kept.";
    expect(await cure({ userId })).toEqual(["token_revoked", "import", another]);
    expect(await cure({ userId, connectionId })).toEqual([
      "token_revoked",
      "upkeep",
      "Reconnect the account.",
    ]);
  });

  it("is refused without the permission that nothing works without", async () => {
    await using keeper = await openTestKeeper();
    const permissions = ["instagram_business_content_publish"];
    const { value } = keeper.sim.issueLongLivedToken("acme.shop", { permissions });
    keeper.sim.clock.advance({ days: 2 });
    expect((await refusal(bring(keeper, value)))[0]).toBe("permission_missing");
  });

  it("goes to nobody who is not there, nor to a connection of somebody else", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    const { value } = keeper.sim.issueLongLivedToken("acme.shop");
    const ofOther = bring(keeper, value, { userId: other.userId, connectionId });
    expect(await codeOf(ofOther)).toBe("connection_not_found");
    const fresh = keeper.sim.issueLongLivedToken("north.roasters").value;
    expect(await codeOf(bring(keeper, fresh, { userId: "usr_nobody" }))).toBe("user_not_found");
  });
});
