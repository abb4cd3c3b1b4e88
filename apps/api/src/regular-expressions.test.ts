import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { withoutSecrets, workspaceRoot } from "@perennial/runtime";
import { parseSync, Visitor } from "oxc-parser";
import { isSafe } from "redos-detector";
import { describe, expect, it } from "vitest";

/**
 * Patterns that could take longer than in proportion to what they read, were it not for what is said here. Any other
 * that is found unsafe has to be written anew.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  "packages/runtime/src/log.ts": "reads at most 16,000 letters, timed below",
  "packages/runtime/src/secret-quality.ts": "reads the operator's own settings",
  "packages/runtime/src/sinks/env-text.ts": "is anchored, and reads one line of the person's own file",
  "packages/connections/src/import/read-token-text.ts":
    "reads at most 100,000 letters, timed in its own test",
  "apps/api/src/v1/page.ts": "reads our own words",
};

type Pattern = { file: string; source: string; flags: string };

function patternsOfSources(): Pattern[] {
  const files = globSync("{apps,packages}/*/src/**/*.{ts,tsx}", { cwd: workspaceRoot }).filter(
    (file) => !/\.test\.|\/testing\/|packages\/simulator/.test(file),
  );
  return files.flatMap((file) => {
    const found: Pattern[] = [];
    const { program } = parseSync(file, readFileSync(path.join(workspaceRoot, file), "utf8"));
    new Visitor({
      Literal: (node) => {
        if ("regex" in node && node.regex !== null && node.regex !== undefined)
          found.push({ file, source: node.regex.pattern, flags: node.regex.flags });
      },
    }).visit(program);
    return found;
  });
}

/** The shortest of a few runs: the machine may be busy with something else in any of them. */
function shortestMs(work: () => void): number {
  const runs = Array.from({ length: 5 }, () => {
    const startedAtMs = performance.now();
    work();
    return performance.now() - startedAtMs;
  });
  return Math.min(...runs);
}

/** What patterns stumble over: the same letters over and over, with an end that does not fit. */
const UNITS = [
  "a",
  "/",
  "?",
  "https://",
  "https://a?",
  "postgres://",
  "postgres://a",
  "IGAA",
  "EAA.",
  "SIMTOK_",
  "code=",
  "code=a&",
  "IGAAaaaaaaaaaaa ",
];

describe("regular expressions", () => {
  it("IN-07 take time in proportion to what they read, as far as they are to be read off", () => {
    const patterns = patternsOfSources();
    expect(patterns.length).toBeGreaterThan(100);
    const unsafe = patterns.filter(
      ({ source, flags }) => !isSafe(new RegExp(source, flags), { maxSteps: 2_000 }).safe,
    );
    expect(unsafe.filter(({ file }) => BOUNDED[file] === undefined)).toEqual([]);
    // What is excused here has to be there still.
    expect([...new Set(unsafe.map(({ file }) => file))].toSorted()).toEqual(Object.keys(BOUNDED).toSorted());
  }, 30_000);

  it("IN-07 look through what is logged in four times the time when it is four times as long", () => {
    const slow = UNITS.flatMap((unit) => {
      const ofLength = (length: number) => `${unit.repeat(Math.ceil(length / unit.length))}\u0001`;
      const [short, long] = [ofLength(12_000), ofLength(48_000)];
      const [shortMs, longMs] = [
        shortestMs(() => void withoutSecrets(short)),
        shortestMs(() => void withoutSecrets(long)),
      ];
      // Sixteen times would be a square. Below a few milliseconds there is nothing to tell apart, and no harm.
      return longMs > 20 && longMs > 10 * shortMs ? [{ unit, shortMs, longMs }] : [];
    });
    expect(slow).toEqual([]);
  });
});
