import { expect, it } from "vitest";

import { isNews } from "./news.ts";
import { at } from "./testing.ts";

it("shows what came of a click for ten minutes, and not after the clock has jumped", () => {
  expect(isNews(at(0), at(0))).toBe(true);
  expect(isNews(at(0), at(0) + 599_999)).toBe(true);
  expect(isNews(at(0), at(0) + 600_000)).toBe(false);
  expect(isNews(at(0), at(31))).toBe(false);
});

it("shows it at once, though the page's clock has not ticked since", () => {
  expect(isNews(at(0) + 9_000, at(0))).toBe(true);
});
