import { describe, expect, it } from "vitest";

import { createTicks } from "./ticks.ts";

/** A storage as browsers have it; one that is full takes nothing. */
function storageWith(stored: Record<string, string> = {}, options: { isFull?: boolean } = {}): Storage {
  const items = new Map(Object.entries(stored));
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (name) => items.get(name) ?? null,
    removeItem: (name) => void items.delete(name),
    setItem: (name, text) => {
      if (options.isFull === true) throw new Error("QuotaExceededError");
      items.set(name, text);
    },
  };
}

const REDIRECT = { id: "instagram.redirect", copy: "https://a.test/auth/instagram/callback" };
const TESTERS = { id: "instagram.testers", copy: null };

describe("ticks", () => {
  it("are found again by the next page, and forgotten when told to", () => {
    const storage = storageWith();
    const ticks = createTicks(storage);
    const before = ticks.version();
    ticks.set(REDIRECT, true);
    ticks.set(TESTERS, true);
    expect(ticks.version()).not.toBe(before);
    const again = createTicks(storage);
    expect([REDIRECT, TESTERS].map((step) => again.has(step))).toEqual([true, true]);
    again.set(TESTERS, false);
    expect(createTicks(storage).has(TESTERS)).toBe(false);
    again.clear();
    expect(storage.length).toBe(0);
  });

  it("do not hold for another address", () => {
    const ticks = createTicks(storageWith());
    ticks.set(REDIRECT, true);
    expect(ticks.has({ ...REDIRECT, copy: "https://b.test/auth/instagram/callback" })).toBe(false);
  });

  it("last as long as the page where nothing can be stored", () => {
    for (const storage of [null, storageWith({}, { isFull: true })]) {
      const ticks = createTicks(storage);
      ticks.set(TESTERS, true);
      expect(ticks.has(TESTERS)).toBe(true);
    }
  });

  it.each(["", "no json", "null", "[1]", '{"instagram.testers":true}', '"x"'])(
    "take %j for nothing",
    (text) => {
      expect(createTicks(storageWith({ "perennial.steps": text })).has(TESTERS)).toBe(false);
    },
  );
});
