import { createTransport, type Transport } from "@perennial/instagram";
import type { LookupFunction } from "node:net";
import type { OpenedSink } from "@perennial/connections";

import { bareHost, isRefusedAddress, publicLookup, type Resolve } from "./public-address.ts";
import { SinkFault } from "./sink-fault.ts";
import type { SinkLimits } from "./sink-limits.ts";

/** Shorter than a delivery may take, so that it is known what was waited for. */
const CALL_LIMIT_MS = 9_000;
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** The ways into the network: all of it, or the public internet alone. */
export type Reach = {
  /** How a sink's address is called. @throws {SinkFault} `sink_address_not_allowed` */
  transportFor(sink: OpenedSink, url: URL): Transport;
  /** How a name is looked up for a connection of the sink's. @throws {SinkFault} `sink_address_not_allowed` */
  lookupFor(sink: OpenedSink, url: URL): LookupFunction | undefined;
  close(): Promise<void>;
};

/** Opens them; a connection is made when the first sink needs one. */
export function createReach(limits: SinkLimits, resolve?: Resolve): Reach {
  const options = { totalTimeoutMs: CALL_LIMIT_MS, maxBodyBytes: LARGEST_ANSWER_BYTES };
  const anywhere = lazily(() => createTransport(options));
  const lookup = publicLookup(resolve);
  // Connections are kept open: one that was made for somebody who may go anywhere serves nobody else.
  const inPublic = lazily(() => createTransport({ ...options, lookup }));

  const isConfined = ({ origin }: OpenedSink, url: URL): boolean => {
    if (origin === "operator") return false;
    if (limits.needsTls && !["https:", "rediss:"].includes(url.protocol))
      throw new SinkFault("sink_address_not_allowed");
    if (limits.mayReachPrivate) return false;
    if (isRefusedAddress(bareHost(url))) throw new SinkFault("sink_address_not_allowed");
    return true;
  };

  return {
    transportFor: (sink, url) => (isConfined(sink, url) ? inPublic.get() : anywhere.get()),
    lookupFor: (sink, url) => (isConfined(sink, url) ? lookup : undefined),
    close: async () => {
      await Promise.all([anywhere.close(), inPublic.close()]);
    },
  };
}

function lazily(make: () => Transport & AsyncDisposable) {
  let made: (Transport & AsyncDisposable) | null = null;
  return {
    get: () => (made ??= make()),
    close: async () => await made?.[Symbol.asyncDispose](),
  };
}
