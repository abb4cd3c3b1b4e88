import { describe, expect, it } from "vitest";

import { layOutLifeline } from "./geometry.ts";
import { dayOfLifeWords } from "./day-of-life-words.ts";
import { lifelineWords, type DescribedLife } from "./words.ts";

const DAY_MS = 86_400_000;
const ISSUED = new Date(2027, 2, 12, 10, 0).getTime();

const life: DescribedLife = {
  issuedAt: ISSUED,
  refreshableAt: ISSUED + DAY_MS,
  dueAt: ISSUED + 30 * DAY_MS,
  urgentAt: ISSUED + 53 * DAY_MS,
  expiresAt: ISSUED + 60 * DAY_MS,
  nextRefreshAt: ISSUED + 30 * DAY_MS,
  chancesLeft: 2_880,
  renewal: "automatic",
  isExpiryEstimated: false,
  isRefused: false,
};

function words(changes: Partial<DescribedLife>, now: number, failures: number[] = []) {
  const changed = { ...life, ...changes };
  const events = failures.map((at) => ({
    at,
    kind: "refresh" as const,
    outcome: "failed" as const,
    reason: null,
  }));
  return lifelineWords(changed, layOutLifeline(changed, events, now), now);
}

describe("lifelineWords", () => {
  it("says a healthy life in two sentences", () => {
    expect(words({}, ISSUED + 12 * DAY_MS)).toMatch(
      /^Issued 12 Mar 2027, 10:00, good until 11 May 2027, \d\d:00: 48 days left\. Next renewal in 18 days, 2,880 chances left\.$/,
    );
  });

  it("says that an expiry is a guess", () => {
    expect(words({ isExpiryEstimated: true }, ISSUED)).toContain("by estimate");
  });

  it("promises no days of a token that Instagram refuses", () => {
    const refused = words({ isRefused: true, nextRefreshAt: null }, ISSUED + 12 * DAY_MS);
    expect(refused).toContain("but refused already");
    expect(refused).not.toContain("left");
  });

  it("says what failed and that an attempt is due", () => {
    const now = ISSUED + 31 * DAY_MS;
    expect(words({ chancesLeft: 1 }, now, [now - 60_000, now - 120_000])).toContain(
      "Next renewal due now, 1 chance left; 2 attempts failed on this token.",
    );
  });

  it("promises no renewal once the token has expired or only the person can help", () => {
    const over = words({}, ISSUED + 63 * DAY_MS);
    expect(over).toContain("expired");
    expect(over).toContain("3 days ago");
    expect(over).toContain("No renewal is scheduled.");
    expect(words({ nextRefreshAt: null }, ISSUED)).toContain("No renewal is scheduled.");
  });
});

describe("lifelineWords of a line without an end", () => {
  const open = {
    renewal: "person" as const,
    dueAt: ISSUED + 76 * DAY_MS,
    urgentAt: ISSUED + 83 * DAY_MS,
    expiresAt: ISSUED + 90 * DAY_MS,
    nextRefreshAt: ISSUED + 13 * DAY_MS,
    chancesLeft: 0,
  };

  it("says that it is looked at, and counts no chances", () => {
    const said = words(open, ISSUED + 12 * DAY_MS);
    expect(said).toMatch(/78 days left\. Looked at every day, and only you can extend it\.$/);
    expect(said).not.toMatch(/chance|renewal/i);
  });

  it("says what failed on it", () => {
    const now = ISSUED + 12 * DAY_MS;
    expect(words(open, now, [now - 60_000])).toContain(
      "only you can extend it; 1 attempt failed on this token.",
    );
  });

  it("says that access ended, not that the token expired, and who can bring it back", () => {
    const over = words({ ...open, nextRefreshAt: null }, ISSUED + 93 * DAY_MS);
    expect(over).toMatch(/access ended .*, 3 days ago\. Only you can bring it back\.$/);
    expect(over).not.toContain("expired");
  });

  it("promises no look at a token that is refused", () => {
    const refused = words({ ...open, nextRefreshAt: null, isRefused: true }, ISSUED + 12 * DAY_MS);
    expect(refused).toMatch(/but refused already\. Only you can bring it back\.$/);
  });
});

describe("dayOfLifeWords", () => {
  it("counts days from one and stops at the last", () => {
    expect(dayOfLifeWords(life, ISSUED)).toBe("Day 1 of 60");
    expect(dayOfLifeWords(life, ISSUED + 12 * DAY_MS)).toBe("Day 13 of 60");
    expect(dayOfLifeWords(life, life.expiresAt - 1)).toBe("Day 60 of 60");
    expect(dayOfLifeWords(life, life.expiresAt + DAY_MS)).toBe("Day 60 of 60");
  });
});
