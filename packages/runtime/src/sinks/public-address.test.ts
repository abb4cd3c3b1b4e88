import { describe, expect, it } from "vitest";

import { isPublicAddress, isRefusedAddress, leadsToPrivate, type Resolve } from "./public-address.ts";

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "93.184.215.14",
  "172.15.255.255",
  "172.32.0.1",
  "2606:4700:4700::1111",
  "2a00:1450:4001::5e",
];
const NOT_PUBLIC = [
  ["this machine", "127.0.0.1"],
  ["this machine by another number", "127.255.255.254"],
  ["any address", "0.0.0.0"],
  ["a private network of class A", "10.0.0.1"],
  ["a private network of class B", "172.16.0.1"],
  ["the end of it", "172.31.255.255"],
  ["a private network of class C", "192.168.1.1"],
  ["the metadata of most clouds", "169.254.169.254"],
  ["the metadata of containers", "169.254.170.2"],
  ["the metadata of Alibaba", "100.100.100.200"],
  ["the metadata of Oracle", "192.0.0.192"],
  ["a carrier's own", "100.64.0.1"],
  ["benchmarks", "198.18.0.1"],
  ["documentation", "203.0.113.9"],
  ["multicast", "224.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["this machine, version 6", "::1"],
  ["any address, version 6", "::"],
  ["version 4 in version 6", "::ffff:127.0.0.1"],
  ["the same in hexadecimal", "::ffff:a9fe:a9fe"],
  ["version 4 in version 6, the old way", "::127.0.0.1"],
  ["a public one in version 6", "::ffff:8.8.8.8"],
  ["a translated address", "64:ff9b::a9fe:a9fe"],
  ["a tunnel", "2002:7f00:1::"],
  ["another tunnel", "2001:0:4136:e378::1"],
  ["link-local, version 6", "fe80::1"],
  ["link-local with a zone", "fe80::1%eth0"],
  ["unique local", "fd00:ec2::254"],
  ["multicast, version 6", "ff02::1"],
  ["documentation, version 6", "2001:db8::1"],
  ["no address", "localhost"],
  ["nothing", ""],
] as const;

describe("the public internet", () => {
  it.each(PUBLIC)("has %s", (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(NOT_PUBLIC)("does not have %s: %s", (_what, address) =>
    expect(isPublicAddress(address)).toBe(false),
  );

  it.each([
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::ffff:7f00:1]/",
  ])("is not reached by %s, however it is written", (address) => {
    const { hostname } = new URL(address);
    expect(isRefusedAddress(hostname.replace(/^\[|\]$/g, ""))).toBe(true);
  });

  it("is not where a name leads of which one address is private", async () => {
    const answers =
      (...addresses: string[]): Resolve =>
      (_name, _options, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
    expect(await leadsToPrivate("a.test", answers("8.8.8.8"))).toBe(false);
    expect(await leadsToPrivate("a.test", answers("8.8.8.8", "10.0.0.1"))).toBe(true);
    expect(await leadsToPrivate("10.0.0.1", answers("8.8.8.8"))).toBe(true);
  });
});
