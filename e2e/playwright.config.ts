import path from "node:path";

import { defineConfig } from "@playwright/test";

import { findBrowser } from "./src/chromium.ts";
import type { Engine } from "./src/databases.ts";

// As in vitest.config.ts: a process takes from here what an earlier one has compiled.
process.env["NODE_COMPILE_CACHE"] ??= path.resolve(import.meta.dirname, "../node_modules/.cache/node");

export default defineConfig<object, { engine: Engine }>({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2, // a journey waits as much as it computes; more houses than cores would only get slow
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  forbidOnly: process.env["CI"] !== undefined,
  projects: [
    { name: "sqlite", use: { engine: "sqlite" } },
    {
      name: "postgres",
      use: { engine: "postgres" },
      // What says nothing about the engine is tried on one.
      testIgnore: ["build.spec.ts", "dev.spec.ts", "production.spec.ts", "start.spec.ts"],
      grepInvert: /@once/,
    },
  ],
  use: {
    launchOptions: await findBrowser(),
    contextOptions: { reducedMotion: "reduce" },
    viewport: { width: 1280, height: 800 },
    trace: "off", // it costs a fifth of the run: `--trace retain-on-failure` shows how one failed
  },
});
