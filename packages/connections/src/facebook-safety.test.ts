import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { ACME, allow, arrive, asked, choose, connectMaya, LENA, MAYA } from "./testing/facebook.ts";
import { APP_URL, openTestKeeper } from "./testing/keeper.ts";
import { codeOf } from "./testing/sign-in.ts";

describe("a sign-in with Facebook", () => {
  it("OA-02 may take ten minutes, and not a second more", async () => {
    await using keeper = await openTestKeeper();
    const [intime, late] = [await allow(keeper, MAYA), await allow(keeper, MAYA)];
    keeper.advanceWall(599_000);
    expect(await arrive(keeper, intime)).toMatchObject({ kind: "choice" });
    keeper.advanceWall(2_000);
    expect(await codeOf(arrive(keeper, late))).toBe("sign_in_expired");
    expect(asked(keeper, "code")).toBe(1);
  });

  it("OA-04 changes nothing when its callback comes again, soon or late", async () => {
    await using keeper = await openTestKeeper();
    const allowed = await allow(keeper, MAYA);
    await arrive(keeper, allowed);
    await choose(keeper, allowed, [ACME, LENA]);
    const before = await keeper.store.pageConnections({ after: null, limit: 9 });
    for (const waitMs of [1_000, 60_000]) {
      keeper.advanceWall(waitMs);
      expect((await arrive(keeper, allowed)).kind).toBe("signed_in");
    }
    keeper.advanceWall(3_600_000);
    expect(await codeOf(arrive(keeper, allowed))).toBe("sign_in_expired");
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual(before);
    expect(asked(keeper, "code")).toBe(1);
  });

  it("OA-07 comes back to the address of the settings, which is Facebook's own", async () => {
    await using keeper = await openTestKeeper();
    const { authorizationUrl } = await keeper.begin({ flavour: "facebook" });
    const { origin, pathname, searchParams } = new URL(authorizationUrl);
    expect([origin, pathname]).toEqual([
      keeper.sim.facebookOrigin,
      expect.stringMatching(/\/dialog\/oauth$/),
    ]);
    expect(searchParams.get("redirect_uri")).toBe(`${APP_URL}/auth/facebook/callback`);
    expect(searchParams.get("client_id")).toBe(keeper.sim.facebookApp.clientId);
  });

  it("OA-09 keeps a Facebook user id beyond 2^53 to its last digit", async () => {
    await using keeper = await openTestKeeper();
    const { userId } = await connectMaya(keeper, [ACME]);
    const [view] = await keeper.connections.list(userId);
    const stored = await keeper.store.findConnectionById(view?.id ?? "");
    expect(stored?.appScopedId).toBe("10200000000000001");
    expect(Number.isSafeInteger(Number(stored?.appScopedId))).toBe(false);
  });

  it("SC-02 leaves no token, code or secret in the database, the events or what is shown", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-canary-"));
    try {
      await using keeper = await openTestKeeper({ databaseUrl: `file:${path.join(folder, "p.db")}` });
      const allowed = await allow(keeper, MAYA);
      const code = new URL(allowed.address).searchParams.get("code") ?? "";
      await arrive(keeper, allowed); // the tokens of three Pages wait, sealed, for the choice
      const isStored = (text: string): boolean =>
        readdirSync(folder).some((name) => readFileSync(path.join(folder, name)).includes(text));
      expect(isStored(allowed.begun.attemptId)).toBe(true); // the search does find what is there
      const shown = [
        JSON.stringify(await choose(keeper, allowed, [ACME, LENA])),
        JSON.stringify(keeper.events),
      ];
      for (const secret of ["SIMTOK_", code, keeper.sim.facebookApp.clientSecret]) {
        expect(secret).not.toBe("");
        expect(isStored(secret)).toBe(false);
        for (const text of shown) expect(text).not.toContain(secret);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
