import { createFacebookLogin, createInstagramLogin } from "@perennial/instagram";
import type { FaultRule } from "@perennial/simulator";
import { describe, expect, it } from "vitest";

import type { ConnectionsDeps, Logins } from "../deps.ts";
import { openTestKeeper, type BegunTest, type TestKeeper } from "../testing/keeper.ts";
import { authorized, codeOf } from "../testing/sign-in.ts";
import { noteCall } from "../transcript.ts";

/** Signs somebody in, which fails, and asks why. */
async function diagnosisOf(keeper: TestKeeper, fault?: FaultRule) {
  const { begun, address } = await authorized(keeper);
  if (fault !== undefined) keeper.sim.faults.add(fault);
  const code = await codeOf(present(keeper, begun, address));
  keeper.sim.faults.clear();
  return { code, diagnosis: await explained(keeper, begun) };
}

const present = (keeper: TestKeeper, begun: BegunTest, address: string) =>
  keeper.connections.completeSignIn({
    flavour: "instagram",
    query: new URL(address).search,
    browserSecretOf: begun.browserSecretOf,
    sessionId: null,
    userAgent: null,
  });

const ofBrowser = ({ attemptId, browserSecretOf }: BegunTest) => ({
  attemptId,
  browserSecret: browserSecretOf(attemptId),
});

async function explained(keeper: TestKeeper, begun: BegunTest) {
  const diagnosis = await keeper.connections.diagnoseSignIn(ofBrowser(begun));
  if (diagnosis === null) throw new Error("There is nothing to explain.");
  return diagnosis;
}

/** The logins of a keeper with other apps: each host is given the id and secret that are named. */
function loginsWith(
  { logins }: ConnectionsDeps,
  sim: TestKeeper["sim"],
  apps: { instagram: TestKeeper["sim"]["instagramApp"]; facebook: TestKeeper["sim"]["instagramApp"] },
): Logins {
  const rest = { now: () => sim.clock.now(), onCall: noteCall };
  const { origin, facebookOrigin } = sim;
  return {
    ...logins,
    instagram: createInstagramLogin({
      app: apps.instagram,
      origins: { authorize: origin, api: origin, graph: origin },
      ...rest,
    }),
    facebook: createFacebookLogin({
      app: apps.facebook,
      origins: { dialog: facebookOrigin, graph: facebookOrigin },
      ...rest,
    }),
  };
}

describe("a diagnosis", () => {
  it("shows that the app secret is wrong where Meta words it as a matter of the redirect address", async () => {
    await using keeper = await openTestKeeper();
    const { instagramApp, facebookApp } = keeper.sim;
    const wrong = { clientId: instagramApp.clientId, clientSecret: "another secret" };
    Object.assign(
      keeper.deps.logins,
      loginsWith(keeper.deps, keeper.sim, { instagram: wrong, facebook: facebookApp }),
    );
    const misleading = { at: "code", do: "graph_error", with: { reason: "redirect_uri_mismatch" } } as const;
    const { code, diagnosis } = await diagnosisOf(keeper, misleading);
    expect(code).toBe("redirect_uri_mismatch");
    expect(diagnosis.causes[0]).toEqual({
      cause: "The app secret does not belong to the app id.",
      verdict: "shown",
      seen: "Asked without a person, Instagram refuses the pair, too.",
    });
    expect(diagnosis.steps.operator).toContain("Copy the app secret from the dashboard again.");
  });

  it("rules the secret out where it is accepted: then it is the address", async () => {
    await using keeper = await openTestKeeper();
    const { diagnosis } = await diagnosisOf(keeper, {
      at: "code",
      do: "graph_error",
      with: { reason: "redirect_uri_mismatch" },
    });
    expect(diagnosis.causes[0]).toMatchObject({
      cause: "The redirect address is not registered exactly as it is used.",
      verdict: "likely",
    });
    expect(diagnosis.causes.map(({ cause }) => cause)).not.toContain(
      "The app secret does not belong to the app id.",
    );
    expect(diagnosis).toMatchObject({ endedBy: "operator", retryable: false, link: expect.any(String) });
    expect(diagnosis.steps.operator).toEqual([expect.stringMatching(/^Run `perennial doctor`/)]);
  });

  it("tells that the pairs of the two logins were exchanged", async () => {
    const exchangedLogins: Logins = {};
    await using keeper = await openTestKeeper({ change: () => ({ exchangedLogins }) });
    const { instagramApp, facebookApp } = keeper.sim;
    const swapped = { instagram: facebookApp, facebook: instagramApp };
    Object.assign(exchangedLogins, keeper.deps.logins);
    Object.assign(keeper.deps.logins, loginsWith(keeper.deps, keeper.sim, swapped));
    // The person never gets past the login page with the wrong id: the exchange is what fails here.
    const refused = { at: "code", do: "graph_error", with: { reason: "invalid_client_secret" } } as const;
    const begun = await keeper.begin();
    const url = new URL(begun.authorizationUrl);
    url.searchParams.set("client_id", instagramApp.clientId);
    const address = await keeper.sim.authorize({ authorizationUrl: url.href, user: "acme.shop" });
    keeper.sim.faults.add(refused);
    expect(await codeOf(present(keeper, begun, address))).toBe("invalid_client");
    keeper.sim.faults.clear();
    const { causes } = await explained(keeper, begun);
    expect(causes[0]).toEqual({
      cause: "The ids and secrets of the two logins were exchanged.",
      verdict: "shown",
      seen: "Instagram refuses the pair it was given, and accepts the other login's.",
    });
  });

  it("sees a missing role where the code was good and every call after it is refused", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({ at: "me", do: "graph_error", with: { reason: "unsupported_request" } });
    const { code, diagnosis } = await diagnosisOf(keeper, {
      at: "exchange",
      do: "graph_error",
      with: { reason: "unsupported_request" },
    });
    expect(code).toBe("app_not_available");
    expect(diagnosis.causes[0]).toEqual({
      cause: "The account has no role in the app, which is in development or has standard access only.",
      verdict: "shown",
      seen: expect.stringMatching(
        /^Instagram took the code and gave a token, and refused (\d) of the \1 calls/,
      ),
    });
  });

  it("says that an outage has passed once it has", async () => {
    await using keeper = await openTestKeeper();
    const { code, diagnosis } = await diagnosisOf(keeper, { at: "any", do: "status", with: { status: 503 } });
    expect(code).toBe("transient");
    expect(diagnosis.causes.find(({ cause }) => cause === "It has passed.")).toMatchObject({
      seen: "Instagram answers now as it should.",
    });
  });

  it.each([
    { reason: "code_used", verdict: "possible", calls: 0 },
    { reason: "redirect_uri_mismatch", verdict: "likely", calls: 1 },
  ])(
    "names the catalogue's causes beside, and asks Meta once a minute at most, and only what matters: $reason",
    async ({ reason, verdict, calls }) => {
      await using keeper = await openTestKeeper();
      const { begun, address } = await authorized(keeper);
      keeper.sim.faults.add({ at: "code", do: "graph_error", with: { reason } });
      await codeOf(present(keeper, begun, address));
      const before = keeper.sim.ledger().length;
      for (let turns = 0; turns < 5; turns += 1) {
        const [first, ...others] = (await explained(keeper, begun)).causes;
        expect(first?.verdict).toBe(verdict);
        expect(others.length).toBeGreaterThan(0);
      }
      expect(keeper.sim.ledger().length - before).toBe(calls);
    },
  );

  it("is for the browser that began, and for the owner of a connection", async () => {
    await using keeper = await openTestKeeper();
    const { begun } = await authorized(keeper);
    const { attemptId } = begun;
    const ask = (browserSecret: string | null) =>
      codeOf(keeper.connections.diagnoseSignIn({ attemptId, browserSecret }));
    expect(await ask(null)).toBe("sign_in_wrong_browser");
    expect(await ask("x".repeat(32))).toBe("sign_in_unknown");
    expect(await ask(begun.browserSecretOf(attemptId))).toBe("sign_in_unknown"); // it has not failed
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    expect(await codeOf(keeper.connections.diagnoseConnection({ userId: other.userId, connectionId }))).toBe(
      "connection_not_found",
    );
    expect(await keeper.connections.diagnoseConnection({ userId, connectionId })).toBeNull();
    keeper.sim.clock.advance({ days: 35 });
    keeper.sim.users.removeApp("acme.shop");
    await keeper.connections.refresh({ connectionId, userId, trigger: "person", force: false });
    const diagnosis = await keeper.connections.diagnoseConnection({ userId, connectionId });
    expect(diagnosis).toMatchObject({
      endedBy: "person",
      meaning: expect.stringMatching(/removed this app/),
    });
    const [entry] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    if (entry === undefined) throw new Error("The refresh left nothing in the history.");
    const named = { userId, connectionId, attemptId: entry.id, startedAt: entry.startedAt };
    expect(await keeper.connections.exportAttempt(named)).toMatchObject({
      format: "perennial.attempt/1",
      kind: "refresh",
      code: "token_revoked",
      upstreamReason: "app_removed",
      steps: [{ operation: "refresh_long_lived_token", metaCode: 190 }],
    });
    expect(await keeper.connections.exportAttempt({ ...named, attemptId: "att_none" })).toBeNull();
  });

  it("explains what stands in the way of a connection, though a later look failed otherwise, and nothing once it is well", async () => {
    await using keeper = await openTestKeeper();
    const { connections } = keeper;
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    keeper.sim.clock.advance({ days: 35 });
    keeper.sim.users.removeApp("acme.shop");
    await connections.refresh({ connectionId, userId, trigger: "person", force: false });
    keeper.sim.faults.add({ at: "any", do: "status", with: { status: 503 } });
    await connections.validate({ connectionId, userId, trigger: "person" });
    const [latest] = await connections.history({ userId, connectionId, limit: 1, before: null });
    expect(latest).toMatchObject({ kind: "validate", errorCode: "transient" });
    expect(await connections.diagnoseConnection({ userId, connectionId })).toMatchObject({
      endedBy: "person",
      meaning: expect.stringMatching(/removed this app/),
    });
    keeper.sim.faults.clear();
    await keeper.signIn("acme.shop");
    expect(await connections.diagnoseConnection({ userId, connectionId })).toBeNull();
  });
});
