import path from "node:path";
import { defineConfig } from "vitest/config";

// What a process has stripped of its types and compiled, the next one takes from here: 0.1 s of each start.
process.env["NODE_COMPILE_CACHE"] ??= path.join(import.meta.dirname, "node_modules/.cache/node");

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
    maxWorkers: 3, // on two cores: many wait for processes of their own
    // A worker keeps what it has loaded for its next file, which is a quarter of the run. So what a file of tests
    // sets beyond itself (the environment, fake timers) it puts back.
    isolate: false,
  },
});
