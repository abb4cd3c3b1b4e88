import { storedTokenOf, type RefreshSchedule, type TokenSeal } from "@perennial/connections";
import type { ImportAccountInput, NewAlert, Store } from "@perennial/db";
import { hash } from "node:crypto";

import type { PretendedInstagram } from "./pretended-instagram.ts";

const DAY_MS = 86_400_000;
const AT_ONCE = 500;
const FLAVOUR = "instagram";

/** What connections are imported into, and what with. */
export type Import = {
  store: Store;
  instagram: PretendedInstagram;
  seal: TokenSeal;
  schedule: RefreshSchedule;
  connections: number;
  seed: number;
  startMs: number;
};

/**
 * Brings everybody in, spread evenly over the first day. Straight into the store, since the ids have to follow
 * from the seed: each connection's place in the spread follows from its id. Returns the ids by account number.
 */
export async function importConnections(into: Import): Promise<string[]> {
  const ids = Array.from({ length: into.connections }, (_, account) => idOf(into.seed, account));
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const batch = ids.slice(first, first + AT_ONCE);
    await Promise.all(batch.map((id, index) => importOne(into, first + index, id)));
  }
  return ids;
}

/** When an account is imported. */
export function importedAtMs(into: Pick<Import, "connections" | "startMs">, account: number): number {
  return into.startMs + Math.floor((account / into.connections) * DAY_MS);
}

function idOf(seed: number, account: number): string {
  return `con_${hash("sha256", `${seed}.${account}`, "base64url").slice(0, 22)}`;
}

async function importOne(into: Import, account: number, connectionId: string): Promise<void> {
  const result = await into.store.importAccount(inputOf(into, account, connectionId));
  if (result.kind !== "imported") throw new Error(`An import ended as ${result.kind}.`);
}

function inputOf(into: Import, account: number, connectionId: string): ImportAccountInput {
  const { instagram, seal, schedule } = into;
  const now = new Date(importedAtMs(into, account));
  const { clientId: appId } = instagram.login;
  const token = instagram.issue(account, now);
  const recovery: NewAlert = {
    id: `alert ${account}`,
    kind: "connection.recovered",
    userId: null,
    connectionId,
    flavour: FLAVOUR,
    appId,
    errorCode: null,
    daysLeft: null,
    tokenExpiresAt: token.expiresAt,
    createdAt: now,
    deliverAt: null,
  };
  return {
    flavour: FLAVOUR,
    account: {
      accountId: `1784${account}`,
      appScopedId: `65${account}`,
      appId,
      profile: PROFILE,
      token: storedTokenOf({ seal, schedule, now: () => now }, token, { connectionId, flavour: FLAVOUR }),
      connectionId,
      requestedScopes: null,
      pageId: null,
      pageName: null,
      history: {
        id: `import ${account}`,
        kind: "import",
        trigger: "cli",
        startedAt: now,
        finishedAt: now,
        outcome: "succeeded",
        errorCode: null,
        traceId: null,
        transcript: null,
        tokenExpiresAt: token.expiresAt,
      },
      recovery,
      audit: null,
    },
    userId: null,
    audit: null,
    newUserId: `usr_${account}`,
    now,
    wallNow: now,
  };
}

const PROFILE = {
  username: "simulated",
  name: null,
  accountType: "BUSINESS",
  pictureUrl: null,
  followersCount: null,
  followsCount: null,
  mediaCount: null,
};
