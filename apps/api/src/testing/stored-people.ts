import { openStore, type Store } from "@perennial/db";
import type { TestWorld } from "@perennial/runtime/testing";

/** Somebody who is kept in the database, and was never at the simulator. */
export type StoredPerson = { connectionId: string; userId: string; appScopedId: string };

/** Keeps so many people, as imports do: faster than to sign each of them in. */
export async function storePeople(store: Store, count: number): Promise<StoredPerson[]> {
  const now = new Date("2026-01-01T00:00:00Z");
  const idOf = (kind: string, number: number) => `${kind}_${String(number).padStart(22, "0")}`;
  return await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const person = {
        connectionId: idOf("con", number),
        userId: idOf("usr", number),
        appScopedId: `2581111222233${String(number).padStart(4, "0")}`,
      };
      const alert = { userId: null, connectionId: null, errorCode: null, daysLeft: null, deliverAt: null };
      const app = { flavour: "instagram", appId: "1" } as const;
      await store.importAccount({
        flavour: "instagram",
        userId: null,
        newUserId: person.userId,
        audit: null,
        now,
        wallNow: now,
        account: {
          ...person,
          accountId: `1784140123456${String(number).padStart(4, "0")}`,
          appId: "1",
          profile: {
            username: `user.${number}`,
            name: null,
            accountType: "BUSINESS",
            pictureUrl: null,
            followersCount: null,
            followsCount: null,
            mediaCount: null,
          },
          token: {
            sealedToken: "v1.k1.sealed",
            tokenIssuedAt: now,
            tokenExpiresAt: new Date("2027-01-01T00:00:00Z"),
            isExpiryEstimated: false,
            hasNoExpiry: false,
            dataAccessExpiresAt: null,
            permissions: null,
            nextRefreshAt: new Date("2026-12-01T00:00:00Z"),
          },
          requestedScopes: null,
          pageId: null,
          pageName: null,
          history: {
            id: idOf("att", number),
            kind: "import",
            trigger: "cli",
            startedAt: now,
            finishedAt: now,
            outcome: "succeeded",
            errorCode: null,
            traceId: null,
            tokenExpiresAt: null,
            transcript: null,
          },
          recovery: {
            id: idOf("alt", number),
            kind: "connection.recovered",
            ...app,
            ...alert,
            tokenExpiresAt: null,
            createdAt: now,
          },
          audit: null,
        },
      });
      return person;
    }),
  );
}

/** The database of a world, beside the runtime. */
export function openStoreOf(world: TestWorld): Promise<Store> {
  return openStore(world.config.databaseUrl);
}
