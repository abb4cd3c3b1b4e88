import { DEFAULT_SCOPES, FACEBOOK_DEFAULT_SCOPES } from "@perennial/instagram";
import type { FaultRule } from "@perennial/simulator";
import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "./testing/keeper.ts";
import { codeOf } from "./testing/sign-in.ts";

const ASKED: Record<Flavour, string[]> = {
  instagram: [...DEFAULT_SCOPES],
  facebook: [...FACEBOOK_DEFAULT_SCOPES],
};
const PEOPLE = { instagram: "acme.shop", facebook: "alex.kim.shop" } as const;
type Flavour = "instagram" | "facebook";

/** Somebody signs in and unticks this, and answers what came of it. */
async function signInWithout(
  keeper: TestKeeper,
  flavour: Flavour,
  untick: readonly string[],
  fault?: FaultRule,
) {
  const { authorizationUrl, browserSecretOf } = await keeper.begin({ flavour });
  if (fault !== undefined) keeper.sim.faults.add(fault);
  const input = { authorizationUrl, user: PEOPLE[flavour], untick: [...untick] };
  const { search } = new URL(await keeper.sim.authorize(input));
  const request = { flavour, query: search, browserSecretOf, sessionId: null, userAgent: null };
  return await keeper.connections.completeSignIn(request);
}

const grantOnly = (...scopes: string[]): FaultRule => ({ at: "code", do: "grant", with: { scopes } });
const silence: FaultRule = { at: "code", do: "field", with: { $remove: ["permissions"] } };

describe("OA-13 granted scopes", () => {
  it.each<[what: string, Flavour, untick: string[], missing: string[], fault?: FaultRule]>([
    ["all of Instagram's", "instagram", [], []],
    [
      "Instagram's without publishing",
      "instagram",
      ["instagram_business_content_publish"],
      ["instagram_business_content_publish"],
    ],
    ["Instagram's, of which nothing is said", "instagram", [], [], silence],
    ["all of Facebook's", "facebook", [], []],
    [
      "Facebook's without publishing",
      "facebook",
      ["instagram_content_publish"],
      ["instagram_content_publish"],
    ],
    ["Facebook's without reading Pages", "facebook", ["pages_read_engagement"], ["pages_read_engagement"]],
    ["Facebook's without portfolios", "facebook", ["business_management"], ["business_management"]],
    [
      "two of Facebook's",
      "facebook",
      ["instagram_content_publish", "business_management"],
      ["instagram_content_publish", "business_management"],
    ],
  ])("are read back, and what is missing is told: %s", async (_what, flavour, untick, missing, fault) => {
    await using keeper = await openTestKeeper();
    const result = await signInWithout(keeper, flavour, untick, fault);
    if (result.kind !== "signed_in") throw new Error("The person has to choose.");
    const view = await keeper.connections.get(result.userId, result.connectionId);
    expect(view.state).toBe("healthy"); // it does what it may
    expect(view.requestedScopes?.toSorted()).toEqual(ASKED[flavour].toSorted());
    expect(view.missingScopes.map(({ scope }) => scope).toSorted()).toEqual(missing.toSorted());
    for (const { purpose } of view.missingScopes) expect(purpose).toMatch(/^[A-Z].*\.$/);
    const granted = ASKED[flavour].filter((scope) => !missing.includes(scope));
    // Facebook grants the public profile beside.
    const read = view.permissions?.filter((scope) => scope !== "public_profile").toSorted();
    expect(read).toEqual(fault === silence ? undefined : granted.toSorted());
  });

  it("without what everything needs connect nothing, and say so", async () => {
    await using keeper = await openTestKeeper();
    const fault = grantOnly("instagram_business_content_publish");
    expect(await codeOf(signInWithout(keeper, "instagram", [], fault))).toBe("permission_missing");
    const result = await signInWithout(keeper, "facebook", ["instagram_basic"]);
    expect(result.kind).toBe("choice");
  });

  it("that are taken back later are missing from the next look on", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.users.withdrawPermissions("acme.shop", ["instagram_business_content_publish"]);
    keeper.sim.clock.advance({ days: 35 });
    await keeper.connections.refresh({ connectionId, userId, trigger: "person", force: false });
    const { missingScopes } = await keeper.connections.get(userId, connectionId);
    expect(missingScopes.map(({ scope }) => scope)).toEqual(["instagram_business_content_publish"]);
  });
});
