import { describe, expect, it } from "vitest";

import type { Validation } from "../../lib/trpc.ts";
import { changeWords, quotaLeft, quotaWords, validationLines } from "./validation-words.ts";

const working: Validation = {
  connectionId: `con_${"a".repeat(22)}`,
  checkedAt: "2027-03-12T10:00:00.000Z",
  problem: null,
  traceId: null,
  account: { accountId: "17841401234567891", username: "acme.shop", accountType: "BUSINESS" },
  permissions: ["instagram_business_basic", "instagram_business_content_publish"],
  missingScopes: [],
  quota: { used: 2, total: 100, windowSeconds: 86_400 },
  changes: [],
};

function lines(changes: Partial<Validation>): [name: string, words: string, isGood: boolean | null][] {
  return validationLines({ ...working, ...changes }, { username: "acme.shop" }).map((line) => [
    line.name,
    line.words,
    line.isGood,
  ]);
}

describe("validationLines", () => {
  it("says who, what and how much", () => {
    expect(lines({})).toEqual([
      ["Account", "The same as ever: @acme.shop, Business", true],
      ["Permissions", "All 2 are there", true],
      ["Publishing", "98 of 100 posts left in 24 hours", true],
    ]);
  });

  it("tells nothing of a token that did not show whose it is: nothing else was seen", () => {
    expect(lines({ account: null, quota: null })).toEqual([
      ["Account", "Not proved to be @acme.shop", false],
    ]);
  });

  it("invents no kind of account", () => {
    const account = { accountId: "1", username: "acme.shop", accountType: "unknown" };
    expect(lines({ account })[0]?.[1]).toBe("The same as ever: @acme.shop");
  });

  it("names what is missing, and tells missing from not said", () => {
    const missing = { scope: "instagram_business_content_publish", purpose: "Publish." };
    expect(lines({ missingScopes: [missing] })[1]).toEqual([
      "Permissions",
      "Missing: instagram_business_content_publish",
      false,
    ]);
    expect(lines({ permissions: null })[1]).toEqual(["Permissions", "Nobody said which", null]);
  });

  it("calls a used-up allowance no good, and one that was not to be had neither", () => {
    expect(lines({ quota: { used: 100, total: 100, windowSeconds: 86_400 } })[2]?.[2]).toBe(false);
    expect(lines({ quota: null })[2]).toEqual([
      "Publishing",
      "Not to be had: it needs the permission to publish",
      null,
    ]);
  });
});

describe("quotaWords", () => {
  it("never shows less than none, nor a window nobody named", () => {
    expect(quotaLeft({ used: 120, total: 100, windowSeconds: null })).toBe(0);
    expect(quotaWords({ used: 120, total: 100, windowSeconds: null })).toBe("0 of 100 posts left");
  });

  it("counts what was published where nobody said how much there is", () => {
    expect(quotaLeft({ used: 3, total: null, windowSeconds: 86_400 })).toBeNull();
    expect(quotaWords({ used: 3, total: null, windowSeconds: 86_400 })).toBe("3 posts published in 24 hours");
    expect(quotaWords({ used: 1, total: null, windowSeconds: null })).toBe("1 post published");
  });
});

describe("changeWords", () => {
  it("says from what to what, in the words of the page", () => {
    expect(changeWords({ what: "username", before: "acme", after: "acme.shop" })).toBe(
      "The username changed from acme to acme.shop.",
    );
    expect(changeWords({ what: "accountType", before: "BUSINESS", after: "MEDIA_CREATOR" })).toBe(
      "The kind of account changed from Business to Creator.",
    );
  });

  it("calls an empty value none", () => {
    expect(changeWords({ what: "name", before: "", after: "Acme" })).toBe(
      "The name changed from none to Acme.",
    );
    expect(changeWords({ what: "permissions", before: "a, b", after: "" })).toBe(
      "The permissions changed from a, b to none.",
    );
  });
});
