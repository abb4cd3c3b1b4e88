import { canonicalAddress, createAddressRanges } from "@perennial/connections";
import type { Context } from "hono";
import { IncomingMessage } from "node:http";

/** Where a request comes from: a canonical address, or null where nobody can say. */
export type ClientAddress = (remote: string | undefined, forwardedFor: string | undefined) => string | null;

/** More hops than any house has; what is before them is of no interest. */
const MOST_HOPS = 32;

/**
 * Says where requests come from. X-Forwarded-For counts only as far as trusted proxies wrote it: from its end,
 * up to the first address that is none of theirs.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = createAddressRanges(trustedProxies);
  return (remote, forwardedFor) => {
    let address = remote === undefined ? null : canonicalAddress(remote);
    if (trustedProxies.length === 0 || forwardedFor === undefined) return address;
    for (const hop of forwardedFor.split(",").slice(-MOST_HOPS).toReversed()) {
      if (address === null || !trusted.has(address)) return address;
      const next = canonicalAddress(withoutPort(hop.trim()));
      if (next === null) return address; // what a proxy we trust has not written cannot be believed
      address = next;
    }
    return address;
  };
}

/** The address of Hono's request. Tests that go without a socket come from nowhere. */
export function addressOf(context: Context, clientAddress: ClientAddress): string | null {
  const incoming: unknown = Reflect.get(context.env ?? {}, "incoming");
  const remote = incoming instanceof IncomingMessage ? incoming.socket.remoteAddress : undefined;
  return clientAddress(remote, context.req.header("x-forwarded-for"));
}

function withoutPort(hop: string): string {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(hop) ?? [];
  const [, bare] = /^([\d.]+):\d+$/.exec(hop) ?? [];
  return bracketed ?? bare ?? hop;
}
