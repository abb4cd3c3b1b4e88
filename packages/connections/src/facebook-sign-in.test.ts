import { describe, expect, it } from "vitest";

import {
  ACME,
  allow,
  arrive,
  asked,
  choose,
  connectMaya,
  LENA,
  MAYA,
  NORTH,
  ofBrowser,
  RITA,
} from "./testing/facebook.ts";
import { openTestKeeper } from "./testing/keeper.ts";
import { codeOf } from "./testing/sign-in.ts";

describe("signing in with Facebook", () => {
  it("lets the person choose among their Pages' accounts, and keeps what they chose", async () => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, MAYA);
    expect(await arrive(keeper, allowed)).toEqual({ kind: "choice", attemptId: allowed.begun.attemptId });
    const choice = await keeper.connections.accountChoice(ofBrowser(allowed));
    expect(choice.emptyBecause).toBeNull();
    expect(choice.accounts.map(({ username, standing }) => `${username} ${standing}`).sort()).toEqual([
      "acme.shop new",
      "lena.paints new",
      "north.roasters new",
    ]);
    expect(choice.unusable.map(({ name, reason }) => `${name}: ${reason}`).sort()).toEqual([
      "Daily Bread Bakery & Café: no_page_task",
      "Weekend Market: no_instagram_account",
    ]);
    expect(JSON.stringify(choice)).not.toMatch(/SIMTOK|EAA/);

    const { userId } = await choose(keeper, allowed, [ACME, LENA]);
    const views = await keeper.connections.list(userId);
    expect(views.map(({ username, flavour, state }) => [username, flavour, state])).toEqual([
      ["acme.shop", "facebook", "healthy"],
      ["lena.paints", "facebook", "healthy"],
    ]);
    expect(views[0]).toMatchObject({ renewal: "person", page: { name: "Acme Shop" }, missingScopes: [] });
    for (const { id } of views) {
      const found = await keeper.connections.validate({ connectionId: id, userId, trigger: "person" });
      expect(found.problem).toBeNull();
    }
  });

  it("gives a repeated callback and a second click the same result, and exchanges the code once", async () => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, MAYA);
    await arrive(keeper, allowed);
    expect(await arrive(keeper, allowed)).toMatchObject({ kind: "choice" });
    const first = await choose(keeper, allowed, [ACME]);
    const second = await choose(keeper, allowed, [ACME, LENA]);
    expect(second).toEqual(first);
    expect(await arrive(keeper, allowed)).toMatchObject({ kind: "signed_in", userId: first.userId });
    expect(asked(keeper, "code")).toBe(1);
  });

  it("offers a choice to the browser that began, for ten minutes, and only what was found", async () => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, MAYA);
    await arrive(keeper, allowed);
    const { attemptId } = ofBrowser(allowed);
    const elsewhere = keeper.connections.accountChoice({ attemptId, browserSecret: "another-browser" });
    expect(await codeOf(elsewhere)).toBe("sign_in_expired");
    expect(await codeOf(choose(keeper, allowed, []))).toBe("choice_invalid");
    expect(await codeOf(choose(keeper, allowed, [ACME, "17841400000000000"]))).toBe("choice_invalid");
    keeper.advanceWall(10 * 60_000);
    expect(await codeOf(choose(keeper, allowed, [ACME]))).toBe("sign_in_expired");
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
  });

  it.each([
    ["nadia.new", "no_pages"],
    ["paul.plain", "no_linked_account"],
  ])("says of %s why there is nothing to choose", async (user, emptyBecause) => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, user);
    expect(await arrive(keeper, allowed)).toMatchObject({ kind: "choice" });
    const choice = await keeper.connections.accountChoice(ofBrowser(allowed));
    expect(choice).toMatchObject({ accounts: [], emptyBecause });
  });

  it("asks nothing where there is one account and no more", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.facebook.grantAppRole(RITA);
    const result = await arrive(keeper, await allow(keeper, RITA));
    expect(result).toMatchObject({ kind: "signed_in" });
  });

  it("says that the app is in development to somebody without a role in it", async () => {
    await using keeper = await openTestKeeper();
    expect(await codeOf(arrive(keeper, await allow(keeper, RITA)))).toBe("app_not_available");
  });

  it("finds an account on the second sheet of sixty Pages, and those of a portfolio", async () => {
    await using keeper = await openTestKeeper();
    const many = await allow(keeper, "casa.colectiva");
    await arrive(keeper, many);
    const { accounts } = await keeper.connections.accountChoice(ofBrowser(many));
    expect(accounts.map(({ username }) => username)).toEqual(["daily.bread"]);
    const portfolio = await allow(keeper, "oscar.agency");
    await arrive(keeper, portfolio);
    const found = await keeper.connections.accountChoice(ofBrowser(portfolio));
    expect(found.accounts.map(({ username }) => username).sort()).toEqual([
      "hotel.miramar",
      "ines.runs",
      "studio.noor",
    ]);
  });

  it("knows somebody who comes back, renews what they have, and asks nothing", async () => {
    await using keeper = await openTestKeeper();
    const first = await connectMaya(keeper);
    keeper.sim.clock.advance({ days: 50 });
    const back = await arrive(keeper, await allow(keeper, MAYA));
    expect(back).toMatchObject({ kind: "signed_in", userId: first.userId });
    const views = await keeper.connections.list(first.userId);
    expect(views).toHaveLength(2);
    const now = keeper.sim.clock.now().getTime();
    for (const { deadlines } of views) {
      const days = ((deadlines?.dataAccessEnd.at?.getTime() ?? 0) - now) / 86_400_000;
      expect(days).toBeGreaterThan(89);
    }
  });

  it("OA-08 keeps two people of one name apart, and gives nobody the other's account", async () => {
    await using keeper = await openTestKeeper();
    const shop = await arrive(keeper, await allow(keeper, "alex.kim.shop"));
    const studio = await arrive(keeper, await allow(keeper, "alex.kim.studio"));
    if (shop.kind !== "signed_in" || studio.kind !== "signed_in") throw new Error("There was a choice.");
    expect(shop.userId).not.toBe(studio.userId);
    // Maya has a role on both Pages: her role makes her neither of them.
    const maya = await allow(keeper, MAYA);
    await arrive(keeper, maya);
    const { accounts } = await keeper.connections.accountChoice(ofBrowser(maya));
    const standings = Object.fromEntries(accounts.map(({ username, standing }) => [username, standing]));
    expect(standings).toEqual({ "acme.shop": "held", "lena.paints": "held", "north.roasters": "new" });
    expect(await codeOf(choose(keeper, maya, [ACME]))).toBe("account_held");
    const { userId } = await choose(keeper, maya, [NORTH]);
    expect([shop.userId, studio.userId]).not.toContain(userId);
  });

  it("OA-10 adds accounts for the person who began only", async () => {
    await using keeper = await openTestKeeper();
    const owner = await keeper
      .signIn("studio.two".replace(".two", ".noor"))
      .catch(() => keeper.signIn("acme.shop"));
    const other = await keeper.signIn("lena.paints");
    keeper.sim.facebook.grantAppRole(RITA);
    const allowed = await allow(keeper, RITA, { linkUserId: owner.userId });
    expect(await codeOf(arrive(keeper, allowed, other.sessionId))).toBe("session_changed");
    const choosing = await allow(keeper, MAYA, { linkUserId: owner.userId });
    await arrive(keeper, choosing, owner.sessionId);
    expect(await codeOf(choose(keeper, choosing, [NORTH], other.sessionId))).toBe("session_changed");
    const added = await choose(keeper, choosing, [NORTH], owner.sessionId);
    expect(added.userId).toBe(owner.userId);
  });

  it("makes one connection, with its history, of an account that comes by both logins", async () => {
    await using keeper = await openTestKeeper();
    const first = await keeper.signIn("acme.shop");
    const { userId, connectionId, sessionId } = first;
    const allowed = await allow(keeper, MAYA, { linkUserId: userId, reconnectConnectionId: connectionId });
    const switched = await arrive(keeper, allowed, sessionId);
    expect(switched).toMatchObject({ kind: "signed_in", userId, connectionId });
    const [view, ...others] = await keeper.connections.list(userId);
    expect(others).toEqual([]);
    expect(view).toMatchObject({ id: connectionId, flavour: "facebook", renewal: "person" });
    const history = await keeper.connections.history({ userId, connectionId, limit: 9, before: null });
    expect(history.map(({ kind }) => kind)).toEqual(["sign_in", "sign_in"]);
    const back = await keeper.signIn("acme.shop");
    expect(back).toMatchObject({ userId, connectionId });
  });

  it("OA-05 refuses a state of the other login, both ways, before any exchange", async () => {
    await using keeper = await openTestKeeper();
    for (let round = 0; round < 50; round += 1) {
      const begun = await keeper.begin({ flavour: round % 2 === 0 ? "facebook" : "instagram" });
      const state = new URL(begun.authorizationUrl).searchParams.get("state") ?? "";
      const arrived = keeper.connections.completeSignIn({
        flavour: round % 2 === 0 ? "instagram" : "facebook",
        query: `?${new URLSearchParams({ code: `code-${round}`, state }).toString()}`,
        browserSecretOf: begun.browserSecretOf,
        sessionId: null,
        userAgent: null,
      });
      expect(await codeOf(arrived)).toBe("sign_in_wrong_flavour");
    }
    expect(asked(keeper, "code")).toBe(0);
  });

  it("OA-01 spends no code for a browser that did not begin", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await allow(keeper, MAYA);
    const browsers = [() => null, () => "another-browser", () => ""];
    for (const browserSecretOf of browsers) {
      const elsewhere = { begun: { ...begun, browserSecretOf }, address };
      expect(await codeOf(arrive(keeper, elsewhere))).toBe("sign_in_wrong_browser");
    }
    expect(asked(keeper, "code")).toBe(0);
    expect(await arrive(keeper, { begun, address })).toMatchObject({ kind: "choice" });
  });

  it("OA-03 exchanges a code once for 50 identical callbacks at the same time, in two processes", async () => {
    await using keeper = await openTestKeeper();
    const other = await keeper.another();
    const allowed = await allow(keeper, MAYA);
    const arrivals = Array.from({ length: 50 }, (_, index) =>
      arrive(index % 2 === 0 ? keeper : { ...keeper, connections: other.connections }, allowed),
    );
    const results = await Promise.all(arrivals);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["choice"]));
    expect(asked(keeper, "code")).toBe(1);
  });

  it("OA-11 does not try a code again when the answer was lost", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({ at: "code", do: "reset", with: { point: "after" }, times: 1 });
    const allowed = await allow(keeper, MAYA);
    for (let arrivals = 0; arrivals < 2; arrivals += 1)
      expect(await codeOf(arrive(keeper, allowed))).toBe("transient");
    expect(asked(keeper, "code")).toBe(1);
  });

  it.each(["debug", "pages"] as const)(
    "OA-16 OA-17 keeps nothing when %s fails after the exchange, and can be begun anew",
    async (at) => {
      await using keeper = await openTestKeeper();
      keeper.sim.faults.add({ at, do: "graph_error", with: { status: 500, code: 2 } });
      const arrived = arrive(keeper, await allow(keeper, MAYA));
      await expect(arrived).rejects.toMatchObject({ code: "transient", step: "profile" });
      expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
      keeper.sim.faults.clear();
      expect((await connectMaya(keeper)).returnTo).toBe("/connections");
    },
  );

  it("OA-18 lets two tabs sign in at once, in either order", async () => {
    await using keeper = await openTestKeeper();
    for (const isReversed of [false, true]) {
      const tabs = [await allow(keeper, MAYA), await allow(keeper, "oscar.agency")];
      if (isReversed) tabs.reverse();
      const results = await Promise.all(tabs.map((tab) => arrive(keeper, tab)));
      expect(results.map(({ kind }) => kind)).toEqual(["choice", "choice"]);
      for (const tab of tabs) {
        const { accounts } = await keeper.connections.accountChoice(ofBrowser(tab));
        expect(accounts).toHaveLength(3);
      }
    }
  });

  it("OA-12 takes a refusal calmly, and keeps nothing", async () => {
    await using keeper = await openTestKeeper();
    const begun = await keeper.begin({ flavour: "facebook" });
    const { authorizationUrl } = begun;
    const address = await keeper.sim.authorize({ authorizationUrl, user: MAYA, decision: "refuse" });
    expect(await codeOf(arrive(keeper, { begun, address }))).toBe("user_denied");
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
  });

  it("refuses a reconnect that brings another account, and names both", async () => {
    await using keeper = await openTestKeeper();
    const { userId, sessionId } = await connectMaya(keeper, [ACME]);
    const [view] = await keeper.connections.list(userId);
    const reconnectConnectionId = view?.id ?? "";
    const options = { linkUserId: userId, reconnectConnectionId };
    keeper.sim.facebook.grantAppRole(RITA);
    const wrong = arrive(keeper, await allow(keeper, RITA, options), sessionId);
    await expect(wrong).rejects.toMatchObject({
      code: "wrong_account",
      message: expect.stringMatching(/@acme\.shop that has to come back; @north\.roasters came/),
    });
    const right = await arrive(keeper, await allow(keeper, MAYA, options), sessionId);
    expect(right).toMatchObject({ kind: "signed_in", userId, connectionId: reconnectConnectionId });
  });
});
