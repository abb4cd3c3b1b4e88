import { describe, expect, it } from "vitest";

import { longLivedExpiry, shortLivedExpiry, SHORTEST_CREDIBLE_SECONDS } from "./token-life.ts";

const ISSUED_AT = new Date("2026-06-01T12:00:00Z");

function lifeSeconds(expiresAt: Date): number {
  return (expiresAt.getTime() - ISSUED_AT.getTime()) / 1000;
}

describe("UP-07 expires_in", () => {
  it.each([
    [5_183_944, 5_183_644],
    ["5184000", 5_183_700],
    [" 5184000 ", 5_183_700],
    [5_127_758.9, 5_127_458],
    [3600, 3420],
    [59, 56.05],
    [1, 0.95],
    [7_776_000, 7_775_700],
  ])("%j is trusted, minus the margin", (expiresIn, seconds) => {
    const expiry = longLivedExpiry(ISSUED_AT, expiresIn);
    expect(expiry.isExpiryEstimated).toBe(false);
    expect(lifeSeconds(expiry.expiresAt)).toBe(seconds);
  });

  it.each([
    undefined,
    null,
    0,
    -1,
    0.5,
    "",
    "0",
    "-1",
    "soon",
    "1e6",
    7_776_001,
    1e12,
    "1000000000000",
    NaN,
    Infinity,
    true,
    {},
    [],
  ])("%j gives the shortest credible life, marked as a guess", (expiresIn) => {
    const expiry = longLivedExpiry(ISSUED_AT, expiresIn);
    expect(expiry.isExpiryEstimated).toBe(true);
    expect(lifeSeconds(expiry.expiresAt)).toBe(SHORTEST_CREDIBLE_SECONDS - 300);
  });

  it("UP-07 the guess leaves most of a day between the earliest refresh and the end", () => {
    const { expiresAt } = longLivedExpiry(ISSUED_AT, undefined);
    expect(lifeSeconds(expiresAt) - 86_400).toBeGreaterThan(20 * 3600);
  });
});

it("CK-01 a clock that runs five minutes slow never hands out a dead long-lived token", () => {
  const trueEnd = ISSUED_AT.getTime() + 5_183_944_000;
  const slowClockMs = 5 * 60_000;
  const { expiresAt } = longLivedExpiry(ISSUED_AT, 5_183_944);
  expect(expiresAt.getTime() + slowClockMs).toBeLessThanOrEqual(trueEnd);
});

it("a short-lived token ends within its hour", () => {
  expect(lifeSeconds(shortLivedExpiry(ISSUED_AT))).toBe(3420);
});
