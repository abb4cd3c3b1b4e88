import { describe, expect, it } from "vitest";

import { openTestKeeper } from "./testing/keeper.ts";
import { codeOf, complete } from "./testing/sign-in.ts";

const HOSTS = ["evil.test", "perennial.test.evil.test", "localhost:5173.evil.test", "evil.test:443", "[::1]"];
const PREFIXES = [
  "https://",
  "http://",
  "//",
  "///",
  "////",
  "/\\",
  "\\\\",
  "\\/",
  "https:",
  "https:/",
  "http:\\\\",
  "//user:password@",
  "https://localhost:5173@",
  "/\t/",
  "/\n/",
  "/\r\n/",
  "\u0000//",
  "%2f%2f",
  "/%2f",
  "/%5c",
  "/.//",
  "/..//",
  "/connections//",
  "/connections/..//",
  "/connections?next=//",
  "/connections#//",
  "/connections;//",
  "/connections\\",
  "javascript://",
  "data:text/html,//",
  "vbscript:",
  "ftp://",
  "blob:https://",
  "\u2044\u2044",
  "\uFF0F\uFF0F",
  " //",
  "/ /",
  "//%09/",
  "/%00//",
  "@",
];
const TAILS = ["", "/", "/connections", "?a=/connections", "#/connections"];
const ODDITIES = [
  "",
  "connections",
  "/connections/",
  "/Connections",
  "/connections/con_short",
  "/connections/con_0000000000000000000000/",
  "/connections/con_0000000000000000000000?x",
  "/connections/../connections",
  "/./connections",
  "/connections%2Fcon_0000000000000000000000",
  "/connections\u0000",
  "/settings/../..",
  "/auth/instagram/callback",
  "/auth/instagram/callback?code=x",
  "/trpc/auth.signOut",
  "null",
  "undefined",
  "/".repeat(199),
  "[object Object]",
];

describe("OA-06 the page to return to", () => {
  const strings = PREFIXES.flatMap((prefix) =>
    HOSTS.flatMap((host) => TAILS.map((tail) => `${prefix}${host}${tail}`)),
  );
  const refused = [...new Set([...strings, ...ODDITIES])];

  it(`is one of our own, spelled exactly: ${refused.length} others are refused, and begin nothing`, async () => {
    expect(refused.length).toBeGreaterThan(1_000);
    await using keeper = await openTestKeeper();
    const bypasses: string[] = [];
    for (const returnTo of refused) {
      const begun = keeper.connections.beginSignIn({
        flavour: "instagram",
        returnTo,
        linkUserId: null,
        forceReauth: false,
        reconnectLink: null,
        reconnectConnectionId: null,
        rerequest: false,
      });
      if ((await codeOf(begun)) !== "return_path_refused") bypasses.push(returnTo);
    }
    expect(bypasses).toEqual([]);
  });
});

describe("OA-10 an account is added to the user who began", () => {
  it("and to nobody, where the session ended or became another's in between", async () => {
    await using keeper = await openTestKeeper();
    const owner = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("north.roasters");
    const gone = await keeper.signIn("acme.shop");
    await keeper.connections.endSession(gone.sessionId);
    const sessions = [null, other.sessionId, gone.sessionId, "no-session-at-all", ""];
    for (const sessionId of [...sessions, ...sessions, ...sessions, ...sessions]) {
      const begun = await keeper.begin({ linkUserId: owner.userId });
      const { authorizationUrl } = begun;
      const address = await keeper.sim.authorize({ authorizationUrl, user: "lena.paints" });
      expect(await codeOf(complete(keeper, begun, address, sessionId))).toBe("session_changed");
    }
    const names = (await keeper.connections.list(owner.userId)).map(({ username }) => username);
    expect(names).toEqual(["acme.shop"]);
    const added = await keeper.signIn("lena.paints", {
      linkUserId: owner.userId,
      sessionId: owner.sessionId,
    });
    expect(added.userId).toBe(owner.userId);
  });
});

describe("a reconnect in place", () => {
  it("takes the same account only, and names both where another one came", async () => {
    await using keeper = await openTestKeeper();
    const { userId, sessionId, connectionId } = await keeper.signIn("acme.shop");
    const begun = await keeper.begin({ linkUserId: userId, reconnectConnectionId: connectionId });
    const { authorizationUrl } = begun;
    const wrong = await keeper.sim.authorize({ authorizationUrl, user: "lena.paints" });
    await expect(complete(keeper, begun, wrong, sessionId)).rejects.toMatchObject({
      code: "wrong_account",
      message: expect.stringMatching(/@acme\.shop that has to come back; @lena\.paints came/),
    });
    expect(await keeper.connections.list(userId)).toHaveLength(1);

    const again = await keeper.begin({ linkUserId: userId, reconnectConnectionId: connectionId });
    const right = await keeper.sim.authorize({ authorizationUrl: again.authorizationUrl, user: "acme.shop" });
    expect(await complete(keeper, again, right, sessionId)).toMatchObject({ connectionId, userId });
  });

  it("is for one's own connections", async () => {
    await using keeper = await openTestKeeper();
    const { connectionId } = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    const begun = keeper.begin({ linkUserId: other.userId, reconnectConnectionId: connectionId });
    expect(await codeOf(begun)).toBe("connection_not_found");
    expect(await codeOf(keeper.begin({ reconnectConnectionId: connectionId }))).toBe("connection_not_found");
  });
});
