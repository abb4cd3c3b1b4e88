import { BlockList, isIPv4, isIPv6 } from "node:net";

/** A set of addresses and ranges. */
export type AddressRanges = {
  /** Whether a canonical address is one of them. */
  has(address: string): boolean;
};

/**
 * An IP address in its one spelling, or null when it is none: IPv6 in lower case and short, without a zone;
 * IPv4 within IPv6 as IPv4.
 */
export function canonicalAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return null;
  const [bare = ""] = text.split("%");
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const bytes = [high, low].flatMap((group) => [
    Number.parseInt(group, 16) >> 8,
    Number.parseInt(group, 16) & 255,
  ]);
  return bytes.join(".");
}

/**
 * What stands for one customer of a network: an IPv4 address, or the first half of an IPv6 address, of which
 * one customer has at least all others too.
 */
export function networkOf(address: string): string {
  return address.includes(":") ? `${groupsOf(address).slice(0, 4).join(":")}::/64` : address;
}

/**
 * The network an address is of, wide enough to lead to nobody: the first three bytes of IPv4, the first 48 bits of IPv6.
 * Null for no address.
 */
export function coarseNetworkOf(address: string | null): string | null {
  if (address === null) return null;
  if (address.includes(":")) return `${groupsOf(address).slice(0, 3).join(":")}::/48`;
  return `${address.split(".").slice(0, 3).join(".")}.0/24`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [before = "", after] = address.split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros = Array.from({ length: after === undefined ? 0 : 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail];
}

/** Whether a text is an address or a range such as `192.0.2.0/24`. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== null;
}

/** Puts addresses and ranges together. @throws {RangeError} when one is none */
export function createAddressRanges(texts: readonly string[]): AddressRanges {
  const list = new BlockList();
  for (const text of texts) {
    const range = parseRange(text);
    if (range === null) throw new RangeError("An address or range is malformed.");
    list.addSubnet(range.address, range.bits, range.family);
  }
  return { has: (address) => list.check(address, familyOf(address)) };
}

type Range = { address: string; bits: number; family: "ipv4" | "ipv6" };

function parseRange(text: string): Range | null {
  const [, addressText = "", bitsText] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = canonicalAddress(addressText);
  if (address === null || (bitsText !== undefined && address.includes(":") !== addressText.includes(":")))
    return null;
  const family = familyOf(address);
  const most = family === "ipv4" ? 32 : 128;
  const bits = bitsText === undefined ? most : Number(bitsText);
  return bits <= most ? { address, bits, family } : null;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}
