import type { SinkFarewell } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { DELIVERY_LIMIT_MS } from "./deliver-to-sink.ts";
import { openSink } from "./sealed-settings.ts";
import type { SinkWriter } from "./sink-writer.ts";

const SAID_AT_ONCE = 8;
/** Longer than one may take. */
const LEASE_MS = 30_000;
/** How long after each attempt in vain the next one is made; then it is left at that. */
const WAITS_MS = [5_000, 60_000, 300_000, 1_800_000, 7_200_000, 18_000_000];

/**
 * Tells webhooks that their connection was erased, each until it accepts or some seven hours are over; then their
 * addresses are forgotten, too. Returns how many were tried. At least once: the id of the message is the same each time.
 *
 * @throws what the store throws.
 */
export async function sayFarewells(deps: ConnectionsDeps, signal: AbortSignal): Promise<number> {
  const { sinkWriter, store } = deps;
  if (sinkWriter === null) return 0;
  let said = 0;
  while (!signal.aborted) {
    const farewells = await store.claimFarewells({
      wallNow: deps.wallNow(),
      leaseMs: LEASE_MS,
      limit: SAID_AT_ONCE,
    });
    await Promise.all(farewells.map((farewell) => say(deps, sinkWriter, farewell, signal)));
    said += farewells.length;
    if (farewells.length < SAID_AT_ONCE) break;
  }
  return said;
}

async function say(
  deps: ConnectionsDeps,
  writer: SinkWriter,
  farewell: SinkFarewell,
  signal: AbortSignal,
): Promise<void> {
  const { id, connectionId, attempts } = farewell;
  const isTold = await tell(deps, writer, farewell, signal);
  const waitMs = WAITS_MS[attempts - 1];
  const isOver = isTold || waitMs === undefined;
  const nextDeliveryAt = isOver
    ? null
    : new Date(deps.wallNow().getTime() + waitMs * (0.8 + 0.4 * deps.random()));
  await deps.store.settleFarewell({ id, nextDeliveryAt });
  const outcome = isTold ? "told" : isOver ? "given_up" : "again";
  deps.onEvent({ event: "farewell.said", sinkId: id, connectionId, outcome });
}

async function tell(
  deps: ConnectionsDeps,
  writer: SinkWriter,
  { id, connectionId, sealedSettings, erasedAt }: SinkFarewell,
  outer: AbortSignal,
): Promise<boolean> {
  try {
    const { errorCode } = await writer.announce({
      sink: openSink(deps, { id, sealedSettings }),
      messageId: `${id}.erased`,
      sentAt: deps.wallNow(),
      event: { type: "connection.erased", at: erasedAt, connectionId },
      signal: AbortSignal.any([outer, AbortSignal.timeout(DELIVERY_LIMIT_MS)]),
    });
    return errorCode === null;
  } catch (error) {
    if (!(error instanceof ConnectionError)) deps.onEvent({ event: "sink.crashed", sinkId: id, error });
    return false;
  }
}
