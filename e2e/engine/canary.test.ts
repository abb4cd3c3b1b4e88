import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import { searchForCanaries, type Search } from "../src/canary/search.ts";

function expectNothingFound({ leaks, canaries, answers, handed, receipts, everything }: Search): void {
  // There was something to find, and somewhere to find it.
  expect(handed).toEqual([2, 2]);
  expect(receipts).toMatch(/sink_command_failed/);
  expect(canaries).toBeGreaterThan(150);
  const where = (name: string) =>
    everything
      .filter(([each]) => each.includes(name))
      .map(([, text]) => text)
      .join("\n");
  for (const [place, sign] of [
    ["the api's log", "callback.accepted"],
    ["the worker's log", "sink.failed"],
  ] as const)
    expect(where(place)).toContain(sign);
  for (const { name, isGood, status } of answers) {
    if (isGood) expect(status, name).toBe(200);
    else expect([400, 403, 404, 405, 413, 415], name).toContain(status);
  }
  expect(leaks).toEqual([]);
}

describe.concurrent("nothing is found", { timeout: 120_000 }, () => {
  it("SC-02 MC-01 of what Meta and forgers sign, nor of tokens that a sink's program repeats, on SQLite", async () => {
    const search = await searchForCanaries(null);
    expectNothingFound(search);
    expect(search.looked.get("perennial.db-wal")).toBeGreaterThan(10_000);
  });

  it("SC-02 MC-01 of them on Postgres, nor in what it writes ahead", async () => {
    await using database = await createTestDatabase();
    const search = await searchForCanaries(database.url);
    expectNothingFound(search);
    const ahead = search.everything.find(([where]) => where === "what is written ahead")?.[1] ?? "";
    expect(ahead).toMatch(/con_[\w-]{20}/);
    expect(ahead).toContain("callback.accepted");
  });
});
