import { startPostgresServer, type PostgresServer } from "@perennial/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  awaitRefreshes,
  countRefreshes,
  keepSigningIn,
  lostSignIns,
  refreshesOf,
  restartUnderLoad,
} from "../src/fleet/index.ts";
import {
  expectChangesEverywhere,
  expectOneCallForAllClicks,
  expectOneRefreshEach,
  expectSignOutEverywhere,
  expectToWorkBesideLaterVersion,
  startLoadedFleet,
  type LoadedFleet,
} from "./testing.ts";

const CONNECTIONS = 300;
const CONNECTIONS_UNDER_RESTARTS = 240;
const RESTARTS = 2;
const LIMIT_MS = 60_000;

// Starting it takes longer than any of the tests: they share it, in this order.
describe("four workers and two apis on one Postgres", { timeout: LIMIT_MS }, () => {
  let server: PostgresServer;
  let loaded: LoadedFleet;
  beforeAll(async () => {
    server = await startPostgresServer();
    const connections = CONNECTIONS + CONNECTIONS_UNDER_RESTARTS;
    loaded = await startLoadedFleet({ databaseUrl: await server.createDatabase(), connections });
  }, LIMIT_MS);
  afterAll(async () => {
    await loaded[Symbol.asyncDispose]();
    await server.stop();
  });

  it("SE-04 end a session in both apis at once", async () => {
    await expectSignOutEverywhere(loaded.fleet);
  });

  it("tell the pages of both apis what a worker commits", async () => {
    await expectChangesEverywhere(loaded.fleet);
  });

  it(`WK-02 BP-02 refresh ${CONNECTIONS} due connections once each while people sign in`, async () => {
    await expectOneRefreshEach(loaded, CONNECTIONS);
  });

  it(`DB-08 lose nothing that was acknowledged in ${RESTARTS} restarts, and recover without help`, async () => {
    const { fleet, due, databaseUrl } = loaded;
    const before = countRefreshes(fleet);
    const signingIn = keepSigningIn(fleet);
    await due.release(CONNECTIONS_UNDER_RESTARTS);
    await restartUnderLoad(fleet, server, { restarts: RESTARTS, refreshesBetween: 80 });
    await awaitRefreshes(fleet, before + CONNECTIONS_UNDER_RESTARTS);
    const signIns = await signingIn.stop();
    expect([fleet.exits, signIns.faults, fleet.unexplained]).toEqual([[], [], []]);
    expect(fleet.statuses.get(500)).toBeUndefined();
    expect(await refreshesOf(fleet, databaseUrl)).toMatchObject({ mostInFlightPerToken: 1, lost: [] });
    expect(await lostSignIns(signIns, databaseUrl)).toEqual([]);
  });

  it("WK-09 make one upstream call of 200 clicks on two apis", async () => {
    await expectOneCallForAllClicks(loaded.fleet);
  });

  it("MG-03 work on while a later version adds to the tables, though a fresh start is refused", async () => {
    await expectToWorkBesideLaterVersion(loaded.fleet, loaded.databaseUrl);
  });

  it("GS-01 end cleanly when they are told to", async () => {
    expect(await loaded.fleet.stop()).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
