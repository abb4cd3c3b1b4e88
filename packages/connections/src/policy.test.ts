import { describe, expect, it } from "vitest";

import {
  askedFrom,
  backOffMs,
  chancesLeft,
  milestones,
  outageSurvivedMs,
  phaseAt,
  planDueAt,
  planProofAt,
  type RefreshSchedule,
  spreadOf,
} from "./policy.ts";

const DAY_MS = 86_400_000;
const schedule: RefreshSchedule = { leadMs: 30 * DAY_MS, urgentMs: 7 * DAY_MS, periodMs: 900_000 };
const issuedAt = new Date("2026-01-01T00:00:00Z");
const day = (days: number): Date => new Date(issuedAt.getTime() + days * DAY_MS);
const life = { issuedAt, expiresAt: day(60) };
const renewal = "automatic";
const planned = { ...life, dueAt: day(30), renewal } as const;
/** A token issued on some day for a connection of this spread, and the day it is due. */
const dueDay = (issuedDay: number, spread: number): number => {
  const issued = { issuedAt: day(issuedDay), expiresAt: day(issuedDay + 60) };
  return (planDueAt(issued, schedule, spread).getTime() - issuedAt.getTime()) / DAY_MS;
};
const SPREADS = Array.from({ length: 290 }, (_, index) => index / 290);

describe("the policy", () => {
  it("names the five phases of a sixty-day token at their borders", () => {
    const at = milestones(planned, schedule);
    const phases = [0, 0.99, 1, 29.99, 30, 52.99, 53, 59.99, 60].map((days) => phaseAt(at, day(days)));
    expect(phases).toEqual([
      "too_young",
      "too_young",
      "not_due",
      "not_due",
      "due",
      "due",
      "urgent",
      "urgent",
      "expired",
    ]);
  });

  it("plans no renewal later than the lead, nor more than a round before it", () => {
    for (const spread of SPREADS) {
      expect(dueDay(0, spread)).toBeLessThanOrEqual(30);
      expect(dueDay(0, spread)).toBeGreaterThan(1);
    }
  });

  it("WK-07 spreads a crowd of one day evenly over a whole round", () => {
    const perDay = Array.from({ length: 29 }, () => 0);
    for (const spread of SPREADS) {
      const index = Math.ceil(dueDay(0, spread)) - 2;
      perDay[index] = (perDay[index] ?? 0) + 1;
    }
    expect(Math.min(...perDay)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...perDay)).toBeLessThanOrEqual(11);
  });

  it("WK-07 keeps a connection at its place, whether it was renewed when planned or held up for weeks", () => {
    for (const spread of SPREADS) {
      const first = dueDay(0, spread);
      expect(dueDay(first, spread)).toBeCloseTo(first + 29, 6);
      expect(dueDay(first + 0.9, spread)).toBeCloseTo(first + 29, 6);
      expect(dueDay(first + 20, spread)).toBeCloseTo(first + 29, 6);
    }
  });

  it("keeps it there when the lives that Instagram gives differ by seconds", () => {
    const odd = { issuedAt: day(29), expiresAt: new Date(day(89).getTime() - 300_000 - 56_000) };
    const even = { issuedAt: day(29), expiresAt: new Date(day(89).getTime() - 300_000) };
    for (const spread of SPREADS.slice(1, -1)) {
      const apartMs =
        planDueAt(odd, schedule, spread).getTime() - planDueAt(even, schedule, spread).getTime();
      expect(apartMs).toBe(0);
    }
  });

  it("never asks for a refresh in the first 24 hours, however short the life", () => {
    for (const days of [0.5, 1, 2, 10, 31]) {
      const short = { issuedAt, expiresAt: day(days) };
      for (const spread of [0, 0.3, 0.7]) {
        const at = milestones({ ...short, dueAt: planDueAt(short, schedule, spread), renewal }, schedule);
        expect(at.dueAt.getTime()).toBeGreaterThanOrEqual(day(1).getTime());
        expect(at.urgentAt.getTime()).toBeGreaterThanOrEqual(at.dueAt.getTime());
      }
    }
  });

  it("counts the scheduled attempts that remain", () => {
    const at = milestones(planned, schedule);
    expect(chancesLeft(at, schedule, day(0))).toBe(30 * 96);
    expect(chancesLeft(at, schedule, day(59))).toBe(96);
    expect(chancesLeft(at, schedule, day(61))).toBe(0);
  });

  it("survives an outage of the lead less one period", () => {
    expect(outageSurvivedMs(schedule)).toBe(30 * DAY_MS - 900_000);
  });

  it("gives a connection the same spread every time and spreads a crowd evenly", () => {
    const spreads = Array.from({ length: 10_000 }, (_, index) =>
      spreadOf(`con_${index.toString(36).padStart(22, "0")}`),
    );
    expect(spreads[77]).toBe(spreadOf(`con_${(77).toString(36).padStart(22, "0")}`));
    const buckets = Array.from({ length: 10 }, () => 0);
    for (const spread of spreads)
      buckets[Math.floor(spread * 10)] = (buckets[Math.floor(spread * 10)] ?? 0) + 1;
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });

  it("backs off with growing, jittered, capped waits that leave the last chances unspent", () => {
    const now = day(40);
    const longest = (failedAttempts: number, expiresAt: Date): number =>
      backOffMs({ failedAttempts, expiresAt, now, random: () => 0.999_999 });
    expect(longest(1, day(60))).toBeGreaterThan(longest(0, day(60)));
    expect(longest(50, day(60))).toBeLessThanOrEqual(6 * 3_600_000);
    expect(longest(50, new Date(now.getTime() + 3_600_000))).toBeLessThanOrEqual(3_600_000 / 8);
    expect(backOffMs({ failedAttempts: 50, expiresAt: day(60), now, random: () => 0 })).toBe(30_000);
  });
});

describe("a token that only the person can renew", () => {
  it("is looked at once a day, at the connection's own hour, and not twice within half a day", () => {
    for (const spread of SPREADS) {
      let provedAt = day(0.37);
      for (let looks = 0; looks < 5; looks += 1) {
        const next = planProofAt(provedAt, spread);
        const waitedDays = (next.getTime() - provedAt.getTime()) / DAY_MS;
        expect(waitedDays).toBeGreaterThanOrEqual(0.5);
        expect(waitedDays).toBeLessThan(1.5);
        expect((next.getTime() % DAY_MS) / DAY_MS).toBeCloseTo(spread, 5);
        provedAt = next;
      }
    }
  });

  it("is at nobody's age limit, and asks for the person from 14 days before its end", () => {
    const at = milestones({ ...life, dueAt: askedFrom(life.expiresAt), renewal: "person" }, schedule);
    expect(at.refreshableAt).toEqual(issuedAt);
    const phases = [0, 45.99, 46, 53, 60].map((days) => phaseAt(at, day(days)));
    expect(phases).toEqual(["not_due", "not_due", "due", "urgent", "expired"]);
  });
});
