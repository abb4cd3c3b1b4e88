import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import { killAfterReplies } from "../src/callbacks/index.ts";

// A few each; `bench callbacks` kills a hundred, and sends a storm.
describe.concurrent("an api that is killed right behind its answer", { timeout: 60_000 }, () => {
  it("MC-09 has lost no deletion that it has answered, on SQLite", async () => {
    const { answered, lost } = await killAfterReplies({ kills: 2 });
    expect(answered).toBeGreaterThanOrEqual(2);
    expect(lost).toBe(0);
  });

  it("MC-09 has lost none on Postgres", async () => {
    await using database = await createTestDatabase();
    const { answered, lost } = await killAfterReplies({
      kills: 1,
      environment: { DATABASE_URL: database.url },
    });
    expect(answered).toBeGreaterThanOrEqual(1);
    expect(lost).toBe(0);
  });
});
