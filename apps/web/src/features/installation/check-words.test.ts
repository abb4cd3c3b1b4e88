import { describe, expect, it } from "vitest";

import type { Check } from "../../lib/trpc.ts";
import { checkGroups, groupWords, levelLook, summaryWords, worstOf } from "./check-words.ts";

const LEVELS = ["green", "amber", "red", "unchecked"] as const;

function check(id: `${Check["group"]}.${string}`, level: Check["level"]): Check {
  const [group] = id.split(".") as [Check["group"]];
  return { id, group, level, message: `${id}.`, cure: null, copy: null };
}

describe("a level", () => {
  it("has a sign, a word and a colour of its own", () => {
    for (const part of ["icon", "word", "colour", "wash"] as const)
      expect(new Set(LEVELS.map((level) => levelLook(level)[part])).size).toBe(LEVELS.length);
  });
});

describe("checkGroups", () => {
  it("puts first what needs somebody, and keeps the doctor's order beside", () => {
    const groups = checkGroups([
      check("settings.readable", "green"),
      check("database.opens", "green"),
      check("database.private", "amber"),
      check("clock.skew", "unchecked"),
      check("workers.swept", "red"),
      check("connections.well", "green"),
    ]);
    expect(groups.map(({ group, worst }) => [group, worst])).toEqual([
      ["workers", "red"],
      ["database", "amber"],
      ["clock", "unchecked"],
      ["settings", "green"],
      ["connections", "green"],
    ]);
    expect(groups[1]?.checks.map(({ id }) => id)).toEqual(["database.private", "database.opens"]);
    expect(groups.map(({ group }) => groupWords(group)).every((words) => words !== "")).toBe(true);
  });
});

describe("summaryWords", () => {
  const of = (...levels: Check["level"][]): string =>
    summaryWords(levels.map((level, index) => check(`settings.${index}`, level)));

  it("says what it comes to", () => {
    expect(of("green", "green")).toBe("Everything that can be seen from here is fine.");
    expect(of("red", "green")).toBe("1 thing does not work.");
    expect(of("amber", "amber", "green")).toBe("2 things are worth a look.");
    expect(of("red", "amber", "amber")).toBe("1 thing does not work and 2 are worth a look.");
    expect(of("red", "red", "amber", "unchecked")).toBe(
      "2 things do not work, 1 is worth a look and 1 could not be checked.",
    );
  });
});

describe("worstOf", () => {
  it("is what decides how the whole looks", () => {
    expect(worstOf([check("settings.a", "amber"), check("settings.b", "red")])).toBe("red");
    expect(worstOf([])).toBe("green");
  });
});
