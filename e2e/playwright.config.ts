import { defineConfig } from "@playwright/test";

import { findBrowser } from "./src/chromium.ts";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 1, // each journey runs a whole house of processes; the machine has two cores
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  forbidOnly: process.env["CI"] !== undefined,
  use: {
    launchOptions: await findBrowser(),
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
  },
});
