import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import {
  KILL_PHASES,
  pauseAndResume,
  runKillCampaign,
  summarize,
  type CampaignOptions,
} from "../src/kills/index.ts";

/** Shorter than a call may last, so that the waiting is short; no call here takes as long. */
const LEASE_SECONDS = 2;
const LIMIT_MS = 120_000;
const SHORT = { lanes: 2, killsEach: 1, leaseSeconds: LEASE_SECONDS };

/** In every phase: nothing lost, nobody's token for somebody else. */
async function expectNothingLost(options: Omit<CampaignOptions, keyof typeof SHORT>): Promise<void> {
  const summaries = summarize(await runKillCampaign({ ...SHORT, ...options }));
  expect(summaries.map(({ phase }) => phase)).toEqual(KILL_PHASES);
  for (const { policy, phase, kills, ...counts } of summaries)
    expect({ policy, phase, ...counts }).toMatchObject({ kept: kills, flagged: 0, silent: 0, wrong: 0 });
}

// One in each phase, as a worker's start is what costs; `bench kills` does fifty under each policy.
// Side by side, as most of the time passes in waiting for leases to lapse.
describe.concurrent("a worker that is killed in a refresh", { timeout: LIMIT_MS }, () => {
  it("WK-03 WK-05 loses nothing where Instagram keeps the old token alive, on SQLite", async () => {
    const phases = [...KILL_PHASES, "P1"] as const; // that one with its intent and without
    await expectNothingLost({ policies: ["keep_old"], phases });
  });

  it("WK-03 WK-05 loses nothing where Instagram gives the same string again, on Postgres", async () => {
    await using stack = new AsyncDisposableStack();
    const databaseUrl = async () => stack.use(await createTestDatabase()).url;
    await expectNothingLost({ policies: ["same_token"], databaseUrl });
  });

  it("WK-05 leaves no loss untold where Instagram ends the old token at once", async () => {
    // The other phases end as under the policies above.
    const phases = ["P2", "P3", "P4"] as const;
    const outcomes = await runKillCampaign({ ...SHORT, phases, policies: ["revoke_old"] });
    const ends = Object.fromEntries(outcomes.map(({ phase, end }) => [phase, end]));
    expect(ends).toEqual({ P2: "kept", P3: "flagged", P4: "flagged" });
    for (const { settledMs } of outcomes) expect(settledMs).toBeLessThan(60_000);
  });
});

describe.concurrent("a worker that sleeps for twice its lease", { timeout: LIMIT_MS }, () => {
  const PAUSES = 1;

  it("WK-04 changes nothing of what another has written since, on SQLite", async () => {
    const report = await pauseAndResume({ leaseSeconds: LEASE_SECONDS, pauses: PAUSES });
    expect(report).toEqual({ pauses: PAUSES, staleCommits: 0, refused: PAUSES });
  });

  it("WK-04 changes nothing of what another has written since, on Postgres", async () => {
    await using database = await createTestDatabase();
    const databaseUrl = async () => database.url;
    const report = await pauseAndResume({ leaseSeconds: LEASE_SECONDS, pauses: PAUSES, databaseUrl });
    expect(report).toEqual({ pauses: PAUSES, staleCommits: 0, refused: PAUSES });
  });
});
