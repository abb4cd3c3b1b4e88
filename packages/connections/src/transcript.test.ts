import { describe, expect, it } from "vitest";

import { ConnectionError } from "./errors.ts";
import { openTestKeeper, type BegunTest, type TestKeeper } from "./testing/keeper.ts";
import { noteCall, readTranscript, stepsUnderWay, withTranscript, type AttemptStep } from "./transcript.ts";

const callbackOf = async (keeper: TestKeeper, begun: BegunTest, user = "acme.shop") => ({
  flavour: "instagram" as const,
  query: new URL(await keeper.sim.authorize({ authorizationUrl: begun.authorizationUrl, user })).search,
  browserSecretOf: begun.browserSecretOf,
  sessionId: null,
  userAgent: "test",
});

const thrownBy = async (work: Promise<unknown>): Promise<ConnectionError> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectionError)) throw new Error("It did not fail as it should.", { cause: error });
  return error;
};

const short = (steps: readonly AttemptStep[]) =>
  steps.map(({ operation, httpStatus, reason }) => `${operation} ${httpStatus} ${reason ?? "fine"}`).sort();

describe("a transcript", () => {
  it("tells the calls of a sign-in that went well, in the connection's history", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const [entry] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    expect(short(entry?.steps ?? [])).toEqual([
      "exchange_code 200 fine",
      "exchange_for_long_lived_token 200 fine",
      "fetch_profile 200 fine",
      "fetch_profile_details 200 fine",
    ]);
    const host = new URL(keeper.sim.origin).host;
    for (const step of entry?.steps ?? [])
      expect(step).toMatchObject({ host, durationMs: expect.any(Number), errorCode: null, traceId: null });
  });

  it("of a sign-in that failed comes with the error, and again with the next arrival", async () => {
    await using keeper = await openTestKeeper();
    keeper.sim.faults.add({
      at: "exchange",
      do: "graph_error",
      with: { code: 190, sub: 460 },
    });
    const begun = await keeper.begin();
    const request = await callbackOf(keeper, begun);
    const first = await thrownBy(keeper.connections.completeSignIn(request));
    expect(first).toMatchObject({ code: "token_revoked", reason: "password_changed" });
    expect(short(first.steps)).toEqual([
      "exchange_code 200 fine",
      "exchange_for_long_lived_token 400 password_changed",
      "fetch_profile 200 fine",
      "fetch_profile_details 200 fine",
    ]);
    const failed = first.steps.find(({ errorCode }) => errorCode !== null);
    expect(failed).toMatchObject({ metaCode: 190, metaSubcode: 460, traceId: first.traceId });
    const again = await thrownBy(keeper.connections.completeSignIn(request));
    const { code, reason, step, traceId } = first;
    expect(again).toMatchObject({ code, reason, step, traceId });
    expect(again.steps).toEqual(first.steps);
  });

  it("keeps what is particular about a failure: both names where the wrong account came", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId, sessionId } = await keeper.signIn("acme.shop");
    const begun = await keeper.begin({ linkUserId: userId, reconnectConnectionId: connectionId });
    const request = { ...(await callbackOf(keeper, begun, "lena.paints")), sessionId };
    const first = await thrownBy(keeper.connections.completeSignIn(request));
    expect(first.message).toMatch(/@acme\.shop.*@lena\.paints/);
    expect((await thrownBy(keeper.connections.completeSignIn(request))).message).toBe(first.message);
  });

  it("tells the call of a refresh that failed, and nobody else's, however many run at once", async () => {
    await using keeper = await openTestKeeper();
    const people = ["acme.shop", "lena.paints"];
    const signedIn = await Promise.all(people.map((user) => keeper.signIn(user)));
    keeper.sim.clock.advance({ days: 35 });
    keeper.sim.users.removeApp("lena.paints");
    const { signal } = new AbortController();
    await keeper.connections.sweep({ trigger: "worker", concurrency: 2, signal });
    const newest = await Promise.all(
      signedIn.map(async ({ userId, connectionId }) => {
        const [entry] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
        return short(entry?.steps ?? []);
      }),
    );
    expect(newest).toEqual([
      ["refresh_long_lived_token 200 fine"],
      [expect.stringMatching(/^refresh_long_lived_token 4\d\d app_removed$/)],
    ]);
  });

  it("is kept of validations and imports too", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    await keeper.connections.validate({ connectionId, userId, trigger: "person" });
    const [entry] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    expect(entry?.steps.map(({ operation }) => operation)).toContain("fetch_publishing_quota");
    keeper.sim.users.removeApp("acme.shop");
    await keeper.connections.validate({ connectionId, userId, trigger: "person" });
    const [failed] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    expect(failed).toMatchObject({ kind: "validate", outcome: "failed", upstreamReason: "app_removed" });
    expect(failed?.steps.at(-1)).toMatchObject({ errorCode: "token_revoked", metaSubcode: 458 });
    const request = { text: `IGAA${"x".repeat(120)}`, userId, trigger: "person", accountIds: null } as const;
    const refused = await thrownBy(
      keeper.connections.importToken({ ...request, connectionId: null, expiresInSeconds: null }),
    );
    expect(refused.steps.length).toBeGreaterThan(0);
    expect(refused.steps.every(({ errorCode }) => errorCode !== null)).toBe(true);
  });

  it("holds no token, code, secret or address", async () => {
    await using keeper = await openTestKeeper();
    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const [entry] = await keeper.connections.history({ userId, connectionId, limit: 1, before: null });
    const written = JSON.stringify(entry);
    expect(written).not.toMatch(/access_token|SIM(?:TOK|SEC|CODE)|\?|\/v\d/);
    expect(written).not.toContain(keeper.sim.instagramApp.clientSecret);
  });

  it("ends with its work, and stays bounded", async () => {
    const call = {
      operation: "fetch_profile",
      origin: "https://graph.instagram.com",
      path: "/me",
      startedAt: new Date(0),
      durationMs: 1.4,
      readHeaders: () => ({}),
    } as const;
    noteCall(call); // nobody's
    await withTranscript(async () => {
      for (let calls = 0; calls < 1_000; calls += 1) noteCall(call);
      expect(stepsUnderWay()).toHaveLength(40);
      await withTranscript(async () => expect(stepsUnderWay()).toEqual([]));
    });
    expect(stepsUnderWay()).toEqual([]);
    expect(readTranscript(null)).toEqual({
      detail: null,
      reason: null,
      steps: [],
      missingScopes: null,
      requestId: null,
    });
    expect(readTranscript("{}")).toEqual({
      detail: null,
      reason: null,
      steps: [],
      missingScopes: null,
      requestId: null,
    });
  });
});
