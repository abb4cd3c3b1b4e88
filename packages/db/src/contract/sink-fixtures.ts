import type { Store } from "../store.ts";
import type { NewSink, SinkDelivery } from "../store/sinks.ts";
import { connect, minutes, NOW } from "./fixtures.ts";

/** How long somebody has to deliver. */
export const LEASE_MS = 15_000;

/** How many sinks a connection may have here. */
export const MOST = 20;

/** A sink of a connection. */
export function newSink(id: string, accountId = "1", overrides: Partial<NewSink> = {}): NewSink {
  return {
    id,
    connectionId: `con-${accountId}`,
    kind: "redis",
    name: `Sink ${id}`,
    target: "redis://cache.test/0 token",
    sealedSettings: `v1.k1.${id}`,
    createdAt: NOW,
    ...overrides,
  };
}

/** The receipt of an attempt that went well. */
export function receipt(id: string, sinkId: string, overrides: Partial<SinkDelivery> = {}): SinkDelivery {
  return {
    id,
    sinkId,
    startedAt: minutes(1),
    durationMs: 250,
    tokenIssuedAt: NOW,
    httpStatus: null,
    errorCode: null,
    ...overrides,
  };
}

/** Leases all that waits. */
export const claimAll = (store: Store, limit = 99) =>
  store.claimSinks({ owner: "worker", leaseMs: LEASE_MS, limit });

/** The same, by their ids. */
export async function claimIds(store: Store, limit = 99): Promise<string[]> {
  return (await claimAll(store, limit)).map(({ sink }) => sink.id);
}

/** Delivers all that waits, as somebody with whom all goes well. */
export async function deliverAll(store: Store, name: string): Promise<string[]> {
  const claimed = await claimAll(store);
  for (const { lease, sink } of claimed) {
    const delivery = receipt(`${name}-${sink.id}`, sink.id);
    await store.recordSinkDelivery({ lease, delivery, outcome: { kind: "delivered" } });
  }
  return claimed.map(({ sink }) => sink.id);
}

/** A connection with sinks that hold its token. */
export async function connectWithSinks(store: Store, accountId: string, ...ids: string[]): Promise<string> {
  const { userId } = await connect(store, accountId);
  for (const id of ids) await store.createSink({ sink: newSink(id, accountId), most: MOST });
  await deliverAll(store, `first-${accountId}`);
  return userId;
}
