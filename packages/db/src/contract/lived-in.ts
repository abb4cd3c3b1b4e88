import type { Store } from "../store.ts";
import type { NewApiKey } from "../store/api-keys.ts";
import type { NewSink } from "../store/sinks.ts";
import { connect, days, failureOf, leaseOf, newAlert, newAttempt, NOW } from "./fixtures.ts";

/** When people are gone: a day after everything else. */
export const LATER = days(1);

function keyOf(id: string, userId: string): NewApiKey {
  return {
    id,
    userId,
    name: "Uploader",
    secretHash: `hash-${id}`,
    hint: "a1B2",
    actions: ["token"],
    connectionIds: null,
    allowedAddresses: null,
    createdAt: NOW,
    expiresAt: null,
  };
}

function sinkOf(id: string, connectionId: string, kind: NewSink["kind"]): NewSink {
  return { id, connectionId, kind, name: "S", target: "t", sealedSettings: `v1.k1.${id}`, createdAt: NOW };
}

/** A person with all that belongs to one: history, an alert, a key, sinks, sessions and attempts to sign in. */
export async function liveIn(store: Store, accountId: string) {
  const person = await connect(store, accountId);
  const { userId, connectionId } = person;
  const lease = await leaseOf(store, connectionId);
  const alert = newAlert(`failing-${accountId}`, { accountId, deliverAt: NOW });
  await store.recordFailure({ lease, ...failureOf(`h-${accountId}`, { alerts: [alert] }) });
  await store.createApiKey(keyOf(`key-${accountId}`, userId));
  await store.createSink({ sink: sinkOf(`hook-${accountId}`, connectionId, "webhook"), most: 9 });
  await store.createSink({ sink: sinkOf(`file-${accountId}`, connectionId, "env_file"), most: 9 });
  await store.createSignInAttempt(newAttempt(`linked-${accountId}`, { linkUserId: userId }));
  await store.createSignInAttempt(newAttempt(`again-${accountId}`, { expectedAccountId: accountId }));
  return person;
}
