import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// What a process has stripped of its types and compiled, the next one takes from here: 0.1 s of each start.
process.env["NODE_COMPILE_CACHE"] ??= path.join(import.meta.dirname, "node_modules/.cache/node");

/** Vitest begins with the largest files until it knows better: these are short, take long, and would end the run alone. */
const LONGEST = ["packages/db/src/postgres/store.test.ts", "packages/db/src/sqlite/store.test.ts"];
/**
 * The same of many processes. They come when others have been and Node's compile cache is filled: a process that is
 * killed writes nothing into it, and the linter is done by then, too.
 */
const OF_PROCESSES = ["kills", "canary", "keeping"].map((name) => `e2e/engine/${name}.test.ts`);
const AFTER_FILES = 60;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isOneOf = (names: string[]) => (file: TestSpecification) =>
      names.some((name) => file.moduleId.endsWith(`/${name}`));
    const long = sorted.filter(isOneOf(LONGEST));
    const ofProcesses = sorted.filter(isOneOf(OF_PROCESSES));
    const others = sorted.filter((file) => !long.includes(file) && !ofProcesses.includes(file));
    return [...long, ...others.slice(0, AFTER_FILES), ...ofProcesses, ...others.slice(AFTER_FILES)];
  }
}

export default defineConfig({
  test: {
    include: [
      "{apps,packages}/*/src/**/*.test.{ts,tsx}",
      "scripts/**/*.test.ts",
      "e2e/{fleet,engine}/*.test.ts",
    ],
    // Starts a Postgres server when the first test asks for one.
    globalSetup: ["packages/db/src/testing/vitest-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3, // on two cores: many wait for processes of their own
    // A worker keeps what it has loaded for its next file, which is a quarter of the run. So what a file of tests
    // sets beyond itself (the environment, fake timers) it puts back.
    isolate: false,
  },
});
