import { describe, expect, it } from "vitest";

import {
  accountsWords,
  actionsWords,
  addressesIn,
  curlLine,
  endOf,
  keyLook,
  lifetimeWords,
} from "./key-words.ts";

const DAY_MS = 86_400_000;
const NOW = new Date(2027, 2, 12, 12, 0).getTime();
const at = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();

describe("endOf", () => {
  it("counts from now, and gives no end where none is wanted", () => {
    expect(endOf("90", NOW)).toBe(at(90));
    expect(endOf("never", NOW)).toBeNull();
  });
});

describe("keyLook", () => {
  const word = (revokedAt: string | null, expiresAt: string | null): string =>
    keyLook({ revokedAt, expiresAt }, NOW).word;

  it("tells what works from what ends soon, has ended, or was ended", () => {
    expect(word(null, null)).toBe("Works");
    expect(word(null, at(15))).toBe("Works");
    expect(word(null, at(13))).toBe("Ends soon");
    expect(word(null, at(0))).toBe("Expired");
    expect(word(at(-1), at(15))).toBe("Revoked");
  });
});

describe("actionsWords and accountsWords", () => {
  const accounts = ["acme.shop", "lena.paints", "north.roasters"].map((username, index) => ({
    id: `con_${index}`,
    username,
  }));
  const all = accounts.map(({ id }) => id);

  it("say what a key may do, always in the same order", () => {
    expect(actionsWords(["token"])).toBe("Takes tokens");
    expect(actionsWords(["refresh", "token"])).toBe("Takes tokens and renews");
    expect(actionsWords(["refresh", "read", "token"])).toBe("Takes tokens, reads connections and renews");
  });

  it("say for which accounts, without a long list", () => {
    expect(accountsWords(null, accounts)).toBe("of all accounts");
    expect(accountsWords(all.slice(0, 2), accounts)).toBe("of @acme.shop and @lena.paints");
    expect(accountsWords(all, accounts)).toBe("of @acme.shop and 2 more");
    expect(accountsWords(["con_gone"], accounts)).toBe("of accounts that are no longer connected");
  });
});

describe("lifetimeWords", () => {
  it("looks ahead and back", () => {
    expect(lifetimeWords({ expiresAt: at(60) }, NOW)).toBe("good until 11 May");
    expect(lifetimeWords({ expiresAt: at(-2) }, NOW)).toBe("ended on 10 Mar");
    expect(lifetimeWords({ expiresAt: null }, NOW)).toBe("no end");
  });
});

describe("addressesIn", () => {
  it("takes whatever stands between addresses, and nothing as anywhere", () => {
    expect(addressesIn(" 192.0.2.7, 2001:db8::/32\n198.51.100.1;")).toEqual([
      "192.0.2.7",
      "2001:db8::/32",
      "198.51.100.1",
    ]);
    expect(addressesIn(" \n ")).toBeNull();
  });
});

describe("curlLine", () => {
  const line = (actions: Parameters<typeof curlLine>[0]["actions"], connectionId: string | null): string =>
    curlLine({ origin: "https://p.example", secret: "pnl_x", actions, connectionId });

  it("asks for the most that the key may do, with the key in the header alone", () => {
    const asWho = '-H "Authorization: Bearer pnl_x"';
    expect(line(["token", "read"], "con_1")).toBe(
      `curl ${asWho} https://p.example/v1/connections/con_1/token`,
    );
    expect(line(["read"], "con_1")).toBe(`curl ${asWho} https://p.example/v1/connections/con_1`);
    expect(line(["refresh"], "con_1")).toBe(
      `curl -X POST ${asWho} https://p.example/v1/connections/con_1/refresh`,
    );
    expect(line(["token"], null)).toBe(`curl ${asWho} https://p.example/v1/connections`);
  });
});
