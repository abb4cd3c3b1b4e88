import { describe, expect, it } from "vitest";

import { layOutLifeline, type LifelineEvent, type LifelineLife } from "./geometry.ts";

const DAY_MS = 86_400_000;
const ISSUED = Date.parse("2026-03-12T10:00:00Z");

function sixtyDays(changes: Partial<LifelineLife> = {}): LifelineLife {
  return {
    issuedAt: ISSUED,
    refreshableAt: ISSUED + DAY_MS,
    dueAt: ISSUED + 30 * DAY_MS,
    urgentAt: ISSUED + 53 * DAY_MS,
    expiresAt: ISSUED + 60 * DAY_MS,
    nextRefreshAt: ISSUED + 30 * DAY_MS,
    chancesLeft: 2_880,
    renewal: "automatic" as const,
    ...changes,
  };
}

function renewal(at: number): LifelineEvent {
  return { at, kind: "refresh", outcome: "succeeded", reason: null };
}
function failure(at: number, reason = "Instagram did not answer properly."): LifelineEvent {
  return { at, kind: "refresh", outcome: "failed", reason };
}

describe("layOutLifeline", () => {
  it("puts the milestones of sixty days where they belong", () => {
    const line = layOutLifeline(sixtyDays(), [], ISSUED + 12 * DAY_MS);
    expect(line.start).toBe(0);
    expect(line.gate).toBeCloseTo(1 / 60);
    expect(line.due).toBeCloseTo(0.5);
    expect(line.urgent).toBeCloseTo(53 / 60);
    expect(line.present).toBeCloseTo(0.2);
    expect(line.end).toBe(1);
    expect(line.isOver).toBe(false);
  });

  it("keeps the present on the line before the issue and after the expiry", () => {
    expect(layOutLifeline(sixtyDays(), [], ISSUED - DAY_MS).present).toBe(0);
    const over = layOutLifeline(sixtyDays(), [], ISSUED + 90 * DAY_MS);
    expect(over.present).toBe(1);
    expect(over.isOver).toBe(true);
  });

  it("counts a token as over at the very instant it expires", () => {
    expect(layOutLifeline(sixtyDays(), [], ISSUED + 60 * DAY_MS - 1).isOver).toBe(false);
    expect(layOutLifeline(sixtyDays(), [], ISSUED + 60 * DAY_MS).isOver).toBe(true);
  });

  it("shortens the past into leaves before the present token and keeps the order", () => {
    const events = [
      renewal(ISSUED),
      renewal(ISSUED - 30 * DAY_MS),
      { ...renewal(ISSUED - 60 * DAY_MS), kind: "sign_in" as const },
    ];
    const line = layOutLifeline(sixtyDays(), events, ISSUED);
    expect(line.growth.map((growth) => growth.kind)).toEqual(["root", "leaf", "leaf"]);
    expect(line.growth.map((growth) => growth.side)).toEqual(["below", "above", "below"]);
    expect(line.growth.at(-1)?.x).toBeCloseTo(line.start);
    expect(line.start).toBeGreaterThan(0);
    expect(line.present).toBeCloseTo(line.start);
    expect(line.hasEarlierGrowth).toBe(false);
  });

  it("draws the latest leaves only and says that there were more", () => {
    const events = Array.from({ length: 20 }, (_, index) => renewal(ISSUED - index * 30 * DAY_MS));
    const line = layOutLifeline(sixtyDays(), events, ISSUED);
    expect(line.growth).toHaveLength(6);
    expect(line.hasEarlierGrowth).toBe(true);
    expect(line.start).toBeLessThan(0.3);
    expect(line.growth.at(-1)?.at).toBe(ISSUED);
  });

  it("shows a root when nothing is known of the past", () => {
    expect(layOutLifeline(sixtyDays(), [], ISSUED).growth).toEqual([
      { at: ISSUED, kind: "root", x: 0, side: "below" },
    ]);
  });

  it("joins failures that stand close and keeps the latest reason", () => {
    const due = ISSUED + 30 * DAY_MS;
    const events = [
      failure(due + 20 * DAY_MS, "The third."),
      failure(due + 60_000, "The second."),
      failure(due, "The first."),
    ];
    const line = layOutLifeline(sixtyDays(), events, due + 21 * DAY_MS);
    expect(line.notches.map(({ count, reason }) => ({ count, reason }))).toEqual([
      { count: 2, reason: "The second." },
      { count: 1, reason: "The third." },
    ]);
    expect(line.notches[0]).toMatchObject({ firstAt: due, lastAt: due + 60_000 });
  });

  it("keeps notches far enough apart to be pointed at, however many attempts failed", () => {
    const events = Array.from({ length: 400 }, (_, index) => failure(ISSUED + index * 3_600_000));
    const { notches } = layOutLifeline(sixtyDays(), events, ISSUED + 20 * DAY_MS);
    expect(notches.reduce((sum, notch) => sum + notch.count, 0)).toBe(400);
    const gaps = notches.slice(1).map((notch, index) => notch.x - (notches[index]?.x ?? 0));
    expect(gaps.length).toBeGreaterThan(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.08);
  });

  it("leaves out failures of tokens that are gone", () => {
    expect(layOutLifeline(sixtyDays(), [failure(ISSUED - 1)], ISSUED).notches).toEqual([]);
  });

  it("draws a tick per day of attempts, from the next one to the expiry", () => {
    const line = layOutLifeline(sixtyDays(), [], ISSUED + DAY_MS);
    expect(line.ticks).toHaveLength(30);
    expect(line.attemptsPerTick).toBe(96);
    expect(line.ticks[0]).toBeCloseTo(0.5);
    expect(line.ticks.every((tick) => tick >= 0.5 && tick < 1)).toBe(true);
  });

  it("draws every attempt when few are left", () => {
    const now = ISSUED + 59.9 * DAY_MS;
    const life = sixtyDays({ nextRefreshAt: now + 60_000, chancesLeft: 9 });
    const line = layOutLifeline(life, [], now);
    expect(line.ticks).toHaveLength(1);
    expect(line.attemptsPerTick).toBe(9);
  });

  it("draws no attempt that will not be made", () => {
    const now = ISSUED + 40 * DAY_MS;
    expect(layOutLifeline(sixtyDays({ nextRefreshAt: null }), [], now).ticks).toEqual([]);
    expect(layOutLifeline(sixtyDays({ chancesLeft: 0 }), [], now).ticks).toEqual([]);
    expect(layOutLifeline(sixtyDays(), [], ISSUED + 61 * DAY_MS).ticks).toEqual([]);
  });

  it("names the due date only where its word has room", () => {
    const marks = (life: LifelineLife): string[] =>
      layOutLifeline(life, [], ISSUED).labels.map((label) => label.mark);
    expect(marks(sixtyDays())).toEqual(["issued", "due", "expires"]);
    expect(marks(sixtyDays({ dueAt: ISSUED + DAY_MS }))).toEqual(["issued", "expires"]);
    expect(marks(sixtyDays({ dueAt: ISSUED + 58 * DAY_MS }))).toEqual(["issued", "expires"]);
  });

  it("stays finite for a token that had no life at all", () => {
    const line = layOutLifeline(
      sixtyDays({ expiresAt: ISSUED, dueAt: ISSUED, urgentAt: ISSUED }),
      [],
      ISSUED,
    );
    for (const x of [line.gate, line.due, line.urgent, line.present]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(1);
    }
  });
});
