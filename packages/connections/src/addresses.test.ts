import { describe, expect, it } from "vitest";

import {
  canonicalAddress,
  coarseNetworkOf,
  createAddressRanges,
  isAddressRange,
  networkOf,
} from "./addresses.ts";

/** Ways to write one IPv6 address. */
function spellings(groups: readonly number[], count: number): string[] {
  const padded = (width: number, group: number) => group.toString(16).padStart(width, "0");
  return Array.from({ length: count }, (_, index) => {
    const texts = groups.map((group, place) => {
      const text = padded(1 + ((index >> place) % 4), group);
      return index % 3 === 0 ? text.toUpperCase() : text;
    });
    return `${texts.join(":")}${index % 5 === 0 ? `%eth${index}` : ""}`;
  });
}

describe("addresses", () => {
  it("RL-03 have one spelling, and IPv6 counts by the half that one customer has", () => {
    const groups = [0x2001, 0xdb8, 0, 0x1a, 0, 0, 0xbeef, 0x7];
    const written = new Set(spellings(groups, 1_000).map((text) => canonicalAddress(text)));
    expect([...written]).toEqual(["2001:db8:0:1a::beef:7"]);
    const neighbours = Array.from(
      { length: 1_000 },
      (_, n) => canonicalAddress(`2001:db8:0:1a::${n.toString(16)}`) ?? "",
    );
    expect([...new Set(neighbours.map(networkOf))]).toEqual(["2001:db8:0:1a::/64"]);
    expect(networkOf("2001:db8:0:1b::1")).toBe("2001:db8:0:1b::/64");
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
    const coarse = ["192.0.2.7", "2001:db8:0:1a::1", "::1", "fe80::1"].map(coarseNetworkOf);
    expect(coarse).toEqual(["192.0.2.0/24", "2001:db8:0::/48", "0:0:0::/48", "fe80:0:0::/48"]);
    for (const text of ["::ffff:192.0.2.7", "::FFFF:c000:0207", "0:0:0:0:0:ffff:192.0.2.7"])
      expect(canonicalAddress(text)).toBe("192.0.2.7");
    for (const text of [
      "",
      "localhost",
      "127.1",
      "0x7f.0.0.1",
      "192.0.2.07",
      "1.2.3.4:80",
      "[::1]",
      "::g",
      " ::1",
    ])
      expect([text, canonicalAddress(text)]).toEqual([text, null]);
  });

  it("are found in ranges of their own kind", () => {
    const ranges = createAddressRanges(["192.0.2.0/24", "2001:db8::/32", "10.0.0.1", "::ffff:198.51.100.7"]);
    for (const inside of ["192.0.2.255", "2001:db8:ffff::1", "10.0.0.1", "198.51.100.7"])
      expect([inside, ranges.has(inside)]).toEqual([inside, true]);
    for (const outside of ["192.0.3.0", "2001:db9::", "10.0.0.2", "::1"])
      expect([outside, ranges.has(outside)]).toEqual([outside, false]);
    expect(createAddressRanges([]).has("10.0.0.1")).toBe(false);
    for (const text of ["192.0.2.0/33", "::/129", "a/8", "192.0.2.0/", "::ffff:10.0.0.0/104", "/8", ""])
      expect([text, isAddressRange(text)]).toEqual([text, false]);
  });
});
