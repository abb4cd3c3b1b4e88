import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// What a process has stripped of its types and compiled, the next one takes from here: 0.1 s of each start.
process.env["NODE_COMPILE_CACHE"] ??= path.join(import.meta.dirname, "node_modules/.cache/node");

/** Vitest begins with the largest files until it knows better; these are short, take long, and would end the run alone. */
const LONGEST = [
  "packages/db/src/postgres/store.test.ts",
  "e2e/engine/kills.test.ts",
  "e2e/engine/canary.test.ts",
  "e2e/engine/keeping.test.ts",
  "e2e/fleet/postgres.test.ts",
  "packages/db/src/sqlite/store.test.ts",
  "packages/db/src/postgres/durability.test.ts",
  "packages/db/src/postgres/restart.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((file) => moduleId.endsWith(`/${file}`));
    const { long = [], short = [] } = Object.groupBy(sorted, (file) => (isLong(file) ? "long" : "short"));
    return [...long, ...short];
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
