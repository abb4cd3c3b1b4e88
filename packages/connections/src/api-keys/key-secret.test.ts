import { describe, expect, it } from "vitest";

import { createKeySecret, hintOf, isKeySecret } from "./key-secret.ts";

describe("the secret of an API key", () => {
  it("AK-01 has a prefix, 190 random bits of 62 letters that are equally likely, and a checksum", () => {
    const secrets = Array.from({ length: 10_000 }, () => createKeySecret());
    expect(new Set(secrets).size).toBe(10_000);
    const counts = new Map<string, number>();
    for (const secret of secrets) {
      expect(secret).toMatch(/^pnl_[0-9A-Za-z]{38}$/);
      expect(isKeySecret(secret)).toBe(true);
      for (const letter of secret.slice(4, 36)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    const expected = (10_000 * 32) / 62;
    const chiSquared = [...counts.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(62);
    expect(chiSquared).toBeLessThan(130); // 61 degrees of freedom: one run in a million is above
    const shown = hintOf(secrets[0] ?? "").length;
    expect((32 - shown) * Math.log2(62)).toBeGreaterThan(160); // also for whoever saw the hint
  });

  it("is told from a typo, a cut end and swapped letters without a look at the database", () => {
    const secret = createKeySecret();
    const other = (letter: string | undefined) => (letter === "a" ? "b" : "a");
    for (let place = 0; place < secret.length; place += 1) {
      expect(isKeySecret(secret.slice(0, place) + other(secret[place]) + secret.slice(place + 1))).toBe(
        false,
      );
      expect(isKeySecret(secret.slice(0, place))).toBe(false);
    }
    for (const text of ["", "pnl_", `${secret} `, ` ${secret}`, `${secret}\n`, secret.repeat(90)])
      expect(isKeySecret(text)).toBe(false);
  });
});
