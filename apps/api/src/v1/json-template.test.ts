import { describe, expect, it } from "vitest";

import { createJsonTemplate } from "./json-template.ts";

describe("a template of JSON", () => {
  it("writes what JSON.stringify would, whatever the values are and wherever they stand", () => {
    const texts = ["", "plain", 'a "quoted" \\ one', "line\nline", "\u0000\u2028é", "\ud83c\udf31", "\ud800"];
    for (const text of texts) {
      for (const changing of [[], ["a"], ["b"], ["c"], ["a", "c"], ["a", "b", "c"]] as const) {
        const now = { a: text, b: [text, { deep: text }], c: text, last: null, [text]: 1 };
        const write = createJsonTemplate({ ...now, a: "before", c: "before" }, changing);
        const rest = { ...now, ...(changing.includes("a" as never) ? {} : { a: "before" }) };
        const expected = { ...rest, ...(changing.includes("c" as never) ? {} : { c: "before" }) };
        expect(write(now)).toBe(JSON.stringify(expected));
      }
    }
  });
});
