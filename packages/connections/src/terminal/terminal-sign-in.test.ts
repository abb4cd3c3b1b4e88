import { describe, expect, it } from "vitest";

import { createConnections } from "../create-connections.ts";
import { openTestKeeper, type TestKeeper } from "../testing/keeper.ts";
import { ACME, LENA, MAYA, NORTH } from "../testing/facebook.ts";
import { codeOf } from "../testing/sign-in.ts";
import type { BeginTerminalSignInInput } from "./begin-terminal-sign-in.ts";

const begin = (keeper: TestKeeper, input: Partial<BeginTerminalSignInInput> = {}) =>
  keeper.connections.beginTerminalSignIn({
    flavour: "instagram",
    userId: null,
    connectionId: null,
    forceReauth: false,
    ...input,
  });

/** Begins, allows, and gives the address that the browser cannot open. */
async function allowed(
  keeper: TestKeeper,
  user = "acme.shop",
  input: Partial<BeginTerminalSignInInput> = {},
): Promise<URL> {
  const { authorizationUrl } = await begin(keeper, input);
  return new URL(await keeper.sim.authorize({ authorizationUrl, user }));
}

function complete(
  { connections }: Pick<TestKeeper, "connections">,
  text: string,
  rest: { state?: string; accountIds?: string[] } = {},
) {
  return connections.completeTerminalSignIn({
    text,
    state: rest.state ?? null,
    accountIds: rest.accountIds ?? null,
  });
}

function part(address: URL, name: "code" | "state"): string {
  return address.searchParams.get(name) ?? "";
}

describe("a sign-in at a terminal", () => {
  it("is begun by one process and finished by another, which have nothing in common but the key", async () => {
    await using keeper = await openTestKeeper();
    const address = await allowed(keeper);
    const other = await keeper.another();
    const result = await complete(other, ` ${address.href}#_\n`);
    expect(result).toMatchObject({
      kind: "signed_in",
      connections: [{ username: "acme.shop", state: "healthy" }],
    });
    expect(await complete(keeper, address.href)).toEqual(result); // the same again spends nothing
    expect(keeper.sim.ledger().filter(({ endpoint }) => endpoint === "code")).toHaveLength(1);
  });

  it("leaves no session open, and neither of its secrets in the database", async () => {
    await using keeper = await openTestKeeper();
    const ended: string[] = [];
    const opened: string[] = [];
    const { store } = keeper.deps;
    const watched = {
      ...store,
      completeSignIn: (input: Parameters<typeof store.completeSignIn>[0]) => {
        opened.push(input.session.idHash);
        return store.completeSignIn(input);
      },
      deleteSession: (idHash: string) => {
        ended.push(idHash);
        return store.deleteSession(idHash);
      },
    };
    const connections = createConnections({ ...keeper.deps, store: watched });
    await complete({ connections }, (await allowed(keeper)).href);
    expect(opened).toHaveLength(1);
    expect(ended).toEqual(opened);
  });

  it("takes a code alone for the one sign-in that waits, and asks for its state where there are more or none", async () => {
    await using keeper = await openTestKeeper();
    const first = await allowed(keeper);
    expect(await complete(keeper, `${part(first, "code")}#_`)).toMatchObject({ kind: "signed_in" });
    expect(await codeOf(complete(keeper, part(first, "code")))).toBe("sign_in_unknown");
    await keeper.begin(); // a browser's attempt is none of ours
    const second = await allowed(keeper, "lena.paints");
    const third = await allowed(keeper, "north.roasters");
    await expect(complete(keeper, part(second, "code"))).rejects.toMatchObject({
      code: "sign_in_unknown",
      detail: expect.stringContaining("More than one sign-in waits"),
    });
    const named = await complete(keeper, part(second, "code"), { state: part(second, "state") });
    expect(named).toMatchObject({ connections: [{ username: "lena.paints" }] });
    keeper.advanceWall(10 * 60_000);
    expect(await codeOf(complete(keeper, part(third, "code")))).toBe("sign_in_unknown");
    expect(await codeOf(complete(keeper, third.href))).toBe("sign_in_expired");
  });

  it("OA-01 cannot be finished by a browser, nor a browser's by a terminal; neither spends anything", async () => {
    await using keeper = await openTestKeeper();
    const address = await allowed(keeper);
    const inBrowser = (browserSecret: string | null) =>
      codeOf(
        keeper.connections.completeSignIn({
          flavour: "instagram",
          query: address.search,
          browserSecretOf: () => browserSecret,
          sessionId: null,
          userAgent: null,
        }),
      );
    expect(await inBrowser(null)).toBe("sign_in_wrong_browser");
    expect(await inBrowser("A".repeat(32))).toBe("sign_in_wrong_browser");
    // Who has seen the address knows the state, and no more by it.
    expect(await inBrowser(part(address, "state").split(".")[1] ?? "")).toBe("sign_in_wrong_browser");

    const begun = await keeper.begin();
    const ofBrowser = await keeper.sim.authorize({
      authorizationUrl: begun.authorizationUrl,
      user: "lena.paints",
    });
    expect(await codeOf(complete(keeper, ofBrowser))).toBe("sign_in_wrong_browser");
    expect(keeper.sim.ledger().filter(({ endpoint }) => endpoint === "code")).toEqual([]);
    expect(await complete(keeper, address.href)).toMatchObject({ kind: "signed_in" });
  });

  it("is nobody's under another key", async () => {
    await using keeper = await openTestKeeper();
    await using stranger = await openTestKeeper();
    const address = await allowed(keeper);
    const connections = createConnections({ ...keeper.deps, linkKey: stranger.deps.linkKey });
    expect(await codeOf(complete({ connections }, address.href))).toBe("sign_in_wrong_browser");
    expect(await complete(keeper, address.href)).toMatchObject({ kind: "signed_in" });
  });

  it("adds the account to the user that is named, who has no session here", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await keeper.signIn("acme.shop");
    const result = await complete(keeper, (await allowed(keeper, "lena.paints", { userId })).href);
    expect(result).toMatchObject({ kind: "signed_in", userId, connections: [{ username: "lena.paints" }] });
    expect((await keeper.connections.findUser(userId)).connections.map(({ username }) => username)).toEqual([
      "acme.shop",
      "lena.paints",
    ]);
    expect(await codeOf(begin(keeper, { userId: "usr_nobody" }))).toBe("user_not_found");
  });

  it("reconnects one account and refuses any other", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    const wrong = await allowed(keeper, "lena.paints", { connectionId });
    await expect(complete(keeper, wrong.href)).rejects.toMatchObject({
      code: "wrong_account",
      detail: expect.stringContaining("@acme.shop"),
    });
    const right = await allowed(keeper, "acme.shop", { connectionId });
    expect(await complete(keeper, right.href)).toMatchObject({ userId, connections: [{ id: connectionId }] });
    const { userId: other } = await keeper.signIn("lena.paints");
    expect(await codeOf(begin(keeper, { connectionId, userId: other }))).toBe("connection_not_found");
  });

  it("says what the person answered when they refused, and what is damaged", async () => {
    await using keeper = await openTestKeeper();
    const { authorizationUrl } = await begin(keeper);
    const refused = await keeper.sim.authorize({ authorizationUrl, user: "acme.shop", decision: "refuse" });
    expect(await codeOf(complete(keeper, refused))).toBe("user_denied");
    for (const text of [
      "",
      "https://localhost/auth/instagram/callback",
      "code=abc",
      "code=a&code=b&state=c",
    ]) {
      expect(await codeOf(complete(keeper, text))).toBe("callback_damaged");
    }
    const foreign = "https://localhost/auth/instagram/callback?code=abc&state=AAAA";
    expect(await codeOf(complete(keeper, foreign))).toBe("sign_in_unknown");
    expect(await codeOf(complete(keeper, "abc", { state: "nonsense" }))).toBe("sign_in_unknown");
  });

  it("offers the accounts of a Facebook login, and takes the choice with the same address", async () => {
    await using keeper = await openTestKeeper();
    const address = await allowed(keeper, MAYA, { flavour: "facebook" });
    const offered = await complete(keeper, address.href);
    expect(offered).toMatchObject({ kind: "choose", choice: { accounts: [{}, {}, {}] } });
    expect(await codeOf(complete(keeper, address.href, { accountIds: ["1784"] }))).toBe("choice_invalid");
    // Also by the code alone: a sign-in that waits for its choice still waits.
    const chosen = await complete(keeper, part(address, "code"), { accountIds: [ACME, LENA] });
    expect(chosen).toMatchObject({ kind: "signed_in", connections: [{}, {}] });
    expect(await complete(keeper, address.href, { accountIds: [NORTH] })).toMatchObject({
      kind: "signed_in",
    });
    expect(await keeper.connections.findByUsername({ username: "north.roasters", limit: 2 })).toEqual([]);
  });
});
