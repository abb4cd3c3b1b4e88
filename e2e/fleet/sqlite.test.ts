import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startFleet, type Fleet } from "../src/fleet/index.ts";
import {
  expectChangesEverywhere,
  expectOneCallForAllClicks,
  expectSignOutEverywhere,
  expectToWorkBesideLaterVersion,
} from "./testing.ts";

const LIMIT_MS = 60_000;

// Starting it takes longer than any of the tests: they share it, in this order.
describe("a worker and two apis on one SQLite file", { timeout: LIMIT_MS }, () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ apis: 2, workers: 1 });
  }, LIMIT_MS);
  afterAll(() => fleet[Symbol.asyncDispose]());

  it("SE-04 end a session in both apis at once", async () => {
    await expectSignOutEverywhere(fleet);
  });

  it("tell the pages of both apis what the worker commits", async () => {
    await expectChangesEverywhere(fleet);
  });

  it("WK-09 make one upstream call of 200 clicks on two apis", async () => {
    await expectOneCallForAllClicks(fleet);
  });

  it("MG-03 work on while a later version adds to the tables, though a fresh start is refused", async () => {
    await expectToWorkBesideLaterVersion(fleet, fleet.world.config.databaseUrl);
  });

  it("GS-01 end cleanly when they are told to", async () => {
    expect(await fleet.stop()).toEqual([0, 0, 0]);
  });
});
