import { expect, it } from "vitest";
import { createRandom } from "./random.ts";

it("gives the same strings for the same seed and others for another", () => {
  expect(createRandom(5).text(64)).toBe(createRandom(5).text(64));
  expect(createRandom(5).text(64)).not.toBe(createRandom(6).text(64));
  expect(createRandom(5).text(64)).not.toBe(createRandom(5 + 2 ** 32).text(64));
  expect(createRandom(5).text(64)).not.toBe(createRandom(5, 1).text(64));
});

it("does not repeat itself over a hundred thousand tokens", () => {
  const random = createRandom(1);
  const seen = new Set(Array.from({ length: 100_000 }, () => random.text(12)));
  expect(seen.size).toBe(100_000);
});

it("spreads fractions evenly", () => {
  const random = createRandom(3);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 10_000; draw++) {
    const tenth = Math.floor(random.fraction() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(count).toBeGreaterThan(850);
});

it("writes digits without a leading zero", () => {
  const random = createRandom(9);
  for (let draw = 0; draw < 500; draw++) expect(random.digits(14)).toMatch(/^[1-9]\d{13}$/);
});
