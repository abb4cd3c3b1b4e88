import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "e2e/fleet/*.test.ts"],
    // Starts a Postgres server when the first test asks for one.
    globalSetup: ["packages/db/src/testing/vitest-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxWorkers: 3, // on two cores: many wait for processes of their own
  },
});
