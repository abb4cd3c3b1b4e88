import { describe, expect, it } from "vitest";

import { calendarWords, dayWords, durationWords, exactWords, relativeWords } from "./time-words.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = new Date(2027, 2, 12, 12, 0).getTime();

describe("durationWords", () => {
  it("uses the largest unit that still says something", () => {
    const words = [20 * SECOND, MINUTE, 90 * MINUTE, 2 * HOUR, 47 * HOUR, 2 * DAY, 60 * DAY].map(
      durationWords,
    );
    expect(words).toEqual([
      "less than a minute",
      "1 minute",
      "90 minutes",
      "2 hours",
      "47 hours",
      "2 days",
      "60 days",
    ]);
  });

  it("calls a token of almost sixty days sixty days", () => {
    expect(durationWords(5_183_944 * SECOND)).toBe("60 days");
  });

  it("is never negative", () => {
    expect(durationWords(-DAY)).toBe("less than a minute");
  });
});

describe("relativeWords", () => {
  it("looks both ways", () => {
    expect(relativeWords(NOON + 30 * DAY, NOON)).toBe("in 30 days");
    expect(relativeWords(NOON - 3 * HOUR, NOON)).toBe("3 hours ago");
    expect(relativeWords(NOON + 20 * SECOND, NOON)).toBe("in less than a minute");
    expect(relativeWords(NOON - 20 * SECOND, NOON)).toBe("just now");
    expect(relativeWords(NOON, NOON)).toBe("just now");
  });
});

describe("calendarWords", () => {
  it("goes by the days of the calendar, not by hours", () => {
    const earlyMorning = new Date(2027, 2, 12, 0, 5).getTime();
    expect(calendarWords(earlyMorning - 10 * MINUTE, earlyMorning)).toBe("yesterday");
    expect(calendarWords(earlyMorning + 23 * HOUR, earlyMorning)).toBe("today");
    expect(calendarWords(NOON + DAY, NOON)).toBe("tomorrow");
    expect(calendarWords(NOON - 12 * DAY, NOON)).toBe("12 days ago");
  });

  it("CK-04 counts a day as a day when the clocks change", () => {
    for (let month = 0; month < 12; month += 1) {
      for (let day = 1; day <= 28; day += 1) {
        const now = new Date(2027, month, day, 0, 30).getTime();
        expect(calendarWords(new Date(2027, month, day + 1, 23, 30).getTime(), now)).toBe("tomorrow");
      }
    }
  });
});

describe("dayWords", () => {
  it("names the year only when it is another one", () => {
    expect(dayWords(new Date(2027, 4, 11).getTime(), NOON)).toBe("11 May");
    expect(dayWords(new Date(2028, 0, 9).getTime(), NOON)).toBe("9 Jan 2028");
  });
});

describe("exactWords", () => {
  it("names the day, the second and the time zone", () => {
    expect(exactWords(NOON)).toMatch(/^Friday,? 12 March 2027 at 12:00:00 \S+/);
  });
});
