import { describe, expect, it } from "vitest";

import { createFailureStreak, probeWaitMs, type AppOutcome } from "./breaker-policy.ts";

const outage: AppOutcome = { kind: "failed", class: "retry", code: "transient" };
const disabled: AppOutcome = { kind: "failed", class: "operator", code: "app_not_available" };
const answered: AppOutcome = { kind: "answered" };

describe("the breaker's policy", () => {
  it("UP-05 opens after ten failures in a row, of several connections", () => {
    const streak = createFailureStreak();
    const reasons = Array.from({ length: 10 }, (_, index) => streak.note(`con_${index}`, outage));
    expect(reasons).toEqual([...Array.from({ length: 9 }, () => null), "transient"]);
  });

  it("never opens because of one or two connections, however often they fail", () => {
    const streak = createFailureStreak();
    for (let index = 0; index < 100; index += 1) expect(streak.note(`con_${index % 2}`, outage)).toBeNull();
  });

  it("starts anew with each answer, so that one failure in five never opens it", () => {
    const streak = createFailureStreak();
    for (let index = 0; index < 1_000; index += 1)
      expect(streak.note(`con_${index}`, index % 5 === 0 ? outage : answered)).toBeNull();
  });

  it("believes a fault of the app itself after three, and tells kinds of failure apart", () => {
    const streak = createFailureStreak();
    for (let index = 0; index < 9; index += 1) expect(streak.note(`con_${index}`, outage)).toBeNull();
    expect(streak.note("con_a", disabled)).toBeNull();
    expect(streak.note("con_b", disabled)).toBeNull();
    expect(streak.note("con_c", disabled)).toBe("app_not_available");
  });

  it("probes every 30 seconds for the first ten minutes, then less often, at least every five minutes", () => {
    expect([0, 1, 19, 20].map(probeWaitMs)).toEqual([30_000, 30_000, 30_000, 30_000]);
    expect([21, 22, 23, 24, 1_000].map(probeWaitMs)).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
  });
});
