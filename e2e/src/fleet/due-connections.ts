import { createTokenSeal } from "@perennial/connections";
import { openStore, type Store } from "@perennial/db";
import type { TestWorld } from "@perennial/runtime/testing";

import { instantIn, runOn } from "./run-on.ts";

/** Connections that are about to fall due. */
export type WaitingConnections = {
  /** Lets so many of them fall due, all in the same moment. */
  release(count: number): Promise<void>;
};

const FLAVOUR = "instagram";
const AT_ONCE = 25;
/** Old enough for a token to be renewed. */
const AGE = { days: 5 };
/** When they would be looked at if nobody released them. */
const WAITING_UNTIL = new Date("2099-01-01T00:00:00Z");

/**
 * Puts connections of simulated people into a database without their signing in: their tokens are the
 * simulator's, five days old, and nobody looks at them before they are released.
 */
export async function insertDueConnections(
  world: TestWorld,
  databaseUrl: string,
  count: number,
): Promise<WaitingConnections> {
  await using store = await openStore(world.config.databaseUrl);
  for (let first = 0; first < count; first += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => first + index);
    await Promise.all(indexes.map((index) => insert(world, store, index)));
  }
  world.sim.clock.advance(AGE);
  await world.runtime.simulatorClock?.advance(0);
  const moment = instantIn(databaseUrl, WAITING_UNTIL);
  return {
    release: async (count) => {
      const waiting = `SELECT id FROM connections WHERE next_refresh_at = ${moment} LIMIT ${count}`;
      await runOn(
        databaseUrl,
        `UPDATE connections SET next_refresh_at = token_issued_at WHERE id IN (${waiting})`,
      );
    },
  };
}

async function insert({ sim, config }: TestWorld, store: Store, index: number): Promise<void> {
  const key = `due-${index}`;
  const accountId = `178414${String(index).padStart(11, "0")}`;
  sim.users.add({ key, username: key, name: key, professionalId: accountId });
  const { value, issuedAt, expiresAt } = sim.issueLongLivedToken(key);
  const connectionId = `con_${String(index).padStart(22, "0")}`;
  const appId = config.instagram?.app.clientId ?? "";
  const { kind } = await store.importAccount({
    flavour: FLAVOUR,
    account: {
      accountId,
      appScopedId: key,
      appId,
      profile: {
        username: key,
        name: key,
        accountType: "BUSINESS",
        pictureUrl: null,
        followersCount: null,
        followsCount: null,
        mediaCount: null,
      },
      token: {
        sealedToken: createTokenSeal(config.tokenKeys).seal(value, { connectionId, flavour: FLAVOUR }),
        tokenIssuedAt: issuedAt,
        tokenExpiresAt: expiresAt,
        isExpiryEstimated: false,
        hasNoExpiry: false,
        dataAccessExpiresAt: null,
        permissions: null,
        nextRefreshAt: WAITING_UNTIL,
      },
      connectionId,
      requestedScopes: null,
      pageId: null,
      pageName: null,
      history: {
        id: `att_${key}`,
        kind: "import",
        trigger: "cli",
        startedAt: issuedAt,
        finishedAt: issuedAt,
        outcome: "succeeded",
        errorCode: null,
        traceId: null,
        transcript: null,
        tokenExpiresAt: expiresAt,
      },
      recovery: {
        id: `alt_${key}`,
        kind: "connection.recovered",
        userId: null,
        connectionId,
        flavour: FLAVOUR,
        appId,
        errorCode: null,
        daysLeft: null,
        tokenExpiresAt: expiresAt,
        createdAt: issuedAt,
        deliverAt: null,
      },
      audit: null,
    },
    userId: null,
    audit: null,
    newUserId: `usr_${key}`,
    now: issuedAt,
    wallNow: new Date(),
  });
  if (kind !== "imported") throw new Error(`The import of ${key} ended as ${kind}.`);
}
