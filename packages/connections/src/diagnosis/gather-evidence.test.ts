import type { BreakerRecord } from "@perennial/db";
import { InstagramError, type InstagramErrorDetails, type Login } from "@perennial/instagram";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ConnectionsDeps } from "../deps.ts";
import { createEvidenceSource, NO_EVIDENCE, type FailureToProve } from "./gather-evidence.ts";

type Answer = Partial<InstagramErrorDetails> & { code: InstagramErrorDetails["code"] };
const REFUSED: Answer = { code: "invalid_client" };
const UNREACHED: Answer = { code: "transient", reason: "not_reached" };

const BEGAN = Date.parse("2026-06-01T12:00:00Z");

beforeEach(() => void vi.useFakeTimers({ now: BEGAN }));
afterEach(() => void vi.useRealTimers());

/** Two apps, each at both hosts, that answer as they are told to: null accepts, and "never" does not answer. */
function house() {
  const calls: string[] = [];
  const answers: Record<string, Answer | null | "never" | Error | Promise<void>> = {};
  const pauses: Pick<BreakerRecord, "appId" | "errorCode">[] = [];
  const login = (name: string, flavour: Login["flavour"], clientId: string) => {
    const checkCredentials = async (): Promise<void> => {
      calls.push(name);
      const answer = answers[name] ?? null;
      if (answer === "never") return await new Promise(() => undefined);
      if (answer instanceof Error) throw answer;
      if (answer instanceof Promise) return await answer;
      if (answer !== null) throw new InstagramError({ operation: "check_credentials", ...answer });
    };
    return { flavour, clientId, checkCredentials };
  };
  const deps = {
    logins: {
      instagram: login("instagram", "instagram", "app-i"),
      facebook: login("facebook", "facebook", "app-f"),
    },
    exchangedLogins: {
      instagram: login("instagram with the other app", "instagram", "app-f"),
      facebook: login("facebook with the other app", "facebook", "app-i"),
    },
    now: () => new Date(),
    isClockWrong: () => false,
  } as unknown as ConnectionsDeps;
  const guard = { openBreakers: async () => pauses as BreakerRecord[] };
  const evidenceOf = createEvidenceSource(deps, guard);
  /** A failure of this moment, unless told otherwise. */
  const fail = (failure: Partial<FailureToProve> = {}) =>
    evidenceOf({
      code: "redirect_uri_mismatch",
      upstreamReason: null,
      flavour: "instagram",
      failedAt: new Date(),
      ...failure,
    });
  return { calls, answers, pauses, fail };
}

const pass = (byMs: number) => vi.advanceTimersByTimeAsync(byMs);

describe("evidence about a failure", () => {
  it("costs one call where the pair is accepted, and the other pair is tried where it is refused", async () => {
    const { calls, answers, fail } = house();
    expect(await fail()).toEqual({ ...NO_EVIDENCE, credentials: "accepted" });
    expect(calls).toEqual(["instagram"]);
    await pass(60_000);
    Object.assign(answers, { instagram: REFUSED });
    expect(await fail()).toEqual({ ...NO_EVIDENCE, credentials: "refused", exchanged: "accepted" });
    expect(calls.slice(1)).toEqual(["instagram", "instagram with the other app"]);
  });

  it("asks both hosts where none may be in reach, and nothing of other pairs", async () => {
    const { calls, answers, fail } = house();
    Object.assign(answers, { facebook: UNREACHED });
    expect(await fail({ code: "transient", flavour: "facebook" })).toEqual({
      ...NO_EVIDENCE,
      credentials: "not_reached",
      otherCredentials: "accepted",
    });
    expect(calls.sort()).toEqual(["facebook", "instagram"]);
  });

  it("is shared by everybody who asks at once, whatever fails meanwhile", async () => {
    const { calls, answers, fail } = house();
    Object.assign(answers, { instagram: "never" });
    const asked = [fail(), fail()];
    for (let failures = 0; failures < 50; failures += 1) {
      await pass(20);
      asked.push(fail());
    }
    await pass(4_000);
    expect(new Set((await Promise.all(asked)).map(({ credentials }) => credentials))).toEqual(
      new Set(["unclear"]),
    );
    expect(calls).toEqual(["instagram"]);
  });

  it("is not multiplied by whoever provokes failures: four calls a minute for each question", async () => {
    const { calls, fail } = house();
    const seen: string[] = [];
    for (let second = 0; second < 59; second += 1) {
      seen.push((await fail()).credentials);
      await pass(1_000);
    }
    expect(calls).toHaveLength(4);
    expect(seen.filter((verdict) => verdict === "accepted")).toHaveLength(4);
    expect(seen.at(-1)).toBe("unclear"); // and nothing that was seen before the failure passes for proof
    await pass(2_000);
    expect((await fail()).credentials).toBe("accepted"); // the first of the four is a minute old
    expect(calls).toHaveLength(5);
  });

  it("is kept for a minute for the same failure, however often its page is loaded", async () => {
    const { calls, fail } = house();
    const failedAt = new Date();
    for (let loads = 0; loads < 60; loads += 1) {
      await fail({ failedAt });
      await pass(990);
    }
    expect(calls).toHaveLength(1);
    await pass(1_000);
    await fail({ failedAt });
    expect(calls).toHaveLength(2);
  });

  it("keeps nobody waiting for more than four seconds, and says what came by then", async () => {
    const { answers, fail } = house();
    Object.assign(answers, { facebook: "never", instagram: UNREACHED });
    const asked = fail({ code: "transient" });
    let isThere = false;
    void asked.then(() => (isThere = true));
    await pass(3_999);
    expect(isThere).toBe(false);
    await pass(1);
    expect(await asked).toEqual({ ...NO_EVIDENCE, credentials: "not_reached" });
  });

  it("begins no call once nobody waits for it", async () => {
    const { calls, answers, fail } = house();
    const late = Promise.withResolvers<void>();
    Object.assign(answers, { instagram: late.promise });
    const asked = fail();
    await pass(4_000);
    expect(await asked).toEqual(NO_EVIDENCE);
    late.reject(new InstagramError({ operation: "check_credentials", ...REFUSED }));
    await pass(0);
    expect(calls).toEqual(["instagram"]); // the other pair would be tried next
  });

  it.each(["rate_limited", "transient"])(
    "is not asked for about an app that is paused: %s",
    async (errorCode) => {
      const { calls, pauses, fail } = house();
      pauses.push({ appId: "app-i", errorCode });
      expect(await fail()).toEqual(NO_EVIDENCE);
      expect(await fail({ code: "transient" })).toEqual({ ...NO_EVIDENCE, otherCredentials: "accepted" });
      expect(calls).toEqual(["facebook"]);
    },
  );

  it("is asked for about an app that is paused because Meta refuses it: that is what is to be proved", async () => {
    const { answers, pauses, fail } = house();
    pauses.push({ appId: "app-i", errorCode: "invalid_client" });
    Object.assign(answers, { instagram: REFUSED });
    expect(await fail({ code: "invalid_client" })).toMatchObject({ credentials: "refused" });
  });

  it("lets an app rest that Meta throttles, at either host, for as long as Meta says", async () => {
    const { calls, answers, fail } = house();
    Object.assign(answers, { instagram: { code: "rate_limited", retryAfterMs: 600_000 }, facebook: REFUSED });
    await fail();
    await pass(599_000);
    expect((await fail()).credentials).toBe("unclear");
    await fail({ flavour: "facebook" }); // whose app is refused: the other pair would be tried
    expect(calls).toEqual(["instagram", "facebook"]);
    await pass(1_000);
    await fail();
    expect(calls).toHaveLength(3);
  });

  it("asks nothing after a throttle, nor about the throttled app for a quarter of an hour", async () => {
    const { calls, fail } = house();
    const failedAt = new Date();
    const throttle = { code: "rate_limited", upstreamReason: "app_throttled", failedAt } as const;
    expect(await fail(throttle)).toEqual(NO_EVIDENCE);
    await pass(14 * 60_000);
    expect(await fail(throttle)).toEqual(NO_EVIDENCE); // looked at again, it is no new throttle
    await fail();
    expect(calls).toEqual([]);
    await pass(60_000);
    await fail();
    expect(calls).toEqual(["instagram"]);
  });

  it("does not take one pair's answer for another's", async () => {
    const { answers, fail } = house();
    Object.assign(answers, { instagram: REFUSED });
    const [first, second] = await Promise.all([
      fail({ code: "invalid_client" }),
      fail({ code: "invalid_client", flavour: "facebook" }),
    ]);
    expect([first.credentials, second.credentials]).toEqual(["refused", "accepted"]);
  });

  it("keeps no fault of ours, and does not hide it", async () => {
    const { answers, fail } = house();
    Object.assign(answers, { instagram: new TypeError("a fault of ours") });
    await expect(fail()).rejects.toThrow("a fault of ours");
    Object.assign(answers, { instagram: null });
    expect((await fail()).credentials).toBe("accepted");
  });
});
