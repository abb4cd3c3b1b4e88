import { lookup as systemLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Finds the addresses of a name. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The code of a connection that was not made, because it would have led into a private network. */
export const ADDRESS_REFUSED = "EADDRESSREFUSED";

/** What is not the public internet, by the registries of special-purpose addresses. */
const NOT_PUBLIC_V4: readonly [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared by carriers, and where one cloud keeps its metadata
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, and where the other clouds keep it
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** Of version 6 only 2000::/3 is public, and of that not these, which hold other addresses or lead nowhere. */
const NOT_PUBLIC_V6: readonly [string, number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const notPublic = new BlockList();
for (const [net, bits] of NOT_PUBLIC_V4) notPublic.addSubnet(net, bits, "ipv4");
for (const [net, bits] of NOT_PUBLIC_V6) notPublic.addSubnet(net, bits, "ipv6");
const globalV6 = new BlockList();
globalV6.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an address belongs to the public internet: no private, loopback, link-local, metadata, multicast or
 * otherwise special one, nor one of version 6 that holds one of version 4.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry and its sister for version 6
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !notPublic.check(address, "ipv4");
  if (version !== 6 || address.includes("%")) return false;
  return globalV6.check(address, "ipv6") && !notPublic.check(address, "ipv6");
}

/** The host of an address without the brackets of version 6. */
export function bareHost({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/** Whether a host is a bare address, and not a public one: those are connected to without asking anybody. */
export function isRefusedAddress(host: string): boolean {
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/**
 * Looks a name up for the connection that is being made, and refuses it when one of its addresses is not public. The
 * address that is checked is the one that is connected to, whatever the name server says a moment later.
 */
export function publicLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, "", 0);
      else if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        callback(refused(), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(): NodeJS.ErrnoException {
  return Object.assign(new Error("The name leads into a private network."), { code: ADDRESS_REFUSED });
}

/** Whether a host leads into a private network now; one that is not known to anybody does not. */
export async function leadsToPrivate(host: string, resolve: Resolve = systemLookup): Promise<boolean> {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return await new Promise((settle) => {
    resolve(host, { all: true }, (error, addresses) =>
      settle(error === null && !addresses.every(({ address }) => isPublicAddress(address))),
    );
  });
}
