import type { Flavour } from "@perennial/db";
import type { FaultRule } from "@perennial/simulator";
import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "../testing/keeper.ts";
import { codeOf } from "../testing/sign-in.ts";

const PEOPLE: Record<Flavour, string> = { instagram: "acme.shop", facebook: "alex.kim.shop" };

const graphError = (at: FaultRule["at"], code: number, sub?: number): FaultRule => ({
  at,
  do: "graph_error",
  with: { code, ...(sub === undefined ? {} : { sub }) },
});

/** Signs somebody in, which fails, and asks why, with the faults still there or over. */
async function diagnosisOf(
  keeper: TestKeeper,
  flavour: Flavour,
  faults: readonly FaultRule[],
  { user = PEOPLE[flavour], isOver = true }: { user?: string; isOver?: boolean } = {},
) {
  const { attemptId, authorizationUrl, browserSecretOf } = await keeper.begin({ flavour });
  const { search } = new URL(await keeper.sim.authorize({ authorizationUrl, user }));
  for (const fault of faults) keeper.sim.faults.add(fault);
  const request = { flavour, query: search, browserSecretOf, sessionId: null, userAgent: null };
  const code = await codeOf(keeper.connections.completeSignIn(request));
  if (isOver) keeper.sim.faults.clear();
  const browserSecret = browserSecretOf(attemptId);
  return { code, diagnosis: await keeper.connections.diagnoseSignIn({ attemptId, browserSecret }) };
}

describe("the first cause of a sign-in that failed", () => {
  it.each<[what: string, Flavour, FaultRule[], cause: RegExp, verdict: string, seen: RegExp]>([
    [
      "a permission that was granted and is refused all the same",
      "instagram",
      [graphError("me", 10)],
      /^The app is not approved/,
      "likely",
      /granted what was asked for/,
    ],
    [
      "the same of a person's Pages",
      "facebook",
      [graphError("pages", 200)],
      /^The app is not approved/,
      "likely",
      /^Facebook says/,
    ],
    [
      "a permission that was not granted",
      "instagram",
      [
        { at: "code", do: "grant", with: { scopes: ["instagram_business_content_publish"] } },
        graphError("me", 10),
      ],
      /^The permission was unticked/,
      "shown",
      /not granted: instagram_business_basic\.$/,
    ],
    [
      "a new token that is said to have expired",
      "facebook",
      [graphError("pages", 190, 463)],
      /^Meta ended the session/,
      "likely",
      /seconds old/,
    ],
    [
      "access to data that ended before it began",
      "facebook",
      [{ at: "debug", do: "debug", with: { variant: "data_access_past" } }],
      /^Facebook took this login for an earlier one/,
      "likely",
      /seconds old/,
    ],
    [
      "a token of another app",
      "facebook",
      [{ at: "debug", do: "debug", with: { variant: "other_app" } }],
      /proxy or a cache/,
      "likely",
      /own app exchanged the code/,
    ],
  ])("is right for %s", async (_what, flavour, faults, cause, verdict, seen) => {
    await using keeper = await openTestKeeper();
    const { diagnosis } = await diagnosisOf(keeper, flavour, faults);
    expect(diagnosis?.causes[0]).toEqual({
      cause: expect.stringMatching(cause),
      verdict,
      seen: expect.stringMatching(seen),
    });
  });

  it("is a missing role where Facebook's login page itself lets the person not in", async () => {
    await using keeper = await openTestKeeper();
    const { code, diagnosis } = await diagnosisOf(keeper, "facebook", [], { user: "rita.outside" });
    expect(code).toBe("app_not_available");
    expect(diagnosis?.causes[0]).toMatchObject({
      cause: expect.stringMatching(/has no role in the app/),
      verdict: "shown",
    });
  });

  it("goes by what was seen since, not before", async () => {
    await using keeper = await openTestKeeper();
    const outage: FaultRule = { at: "any", do: "status", with: { status: 503 } };
    const before = await diagnosisOf(keeper, "instagram", [outage]);
    expect(before.diagnosis?.causes[0]?.cause).toBe("It has passed.");
    keeper.sim.clock.advance({ seconds: 2 });
    const { diagnosis } = await diagnosisOf(keeper, "instagram", [outage], { isOver: false });
    expect(diagnosis?.causes.map(({ cause }) => cause)).not.toContain("It has passed.");
    expect(diagnosis?.steps.person).toEqual([
      "Wait a while, then start the sign-in again. Nothing was stored.",
    ]);
  });
});
