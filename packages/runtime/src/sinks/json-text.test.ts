import { describe, expect, it } from "vitest";

import { seededRandom } from "../simulate/seeded-random.ts";
import { setInJsonText } from "./json-text.ts";

/** What a file held, where the value goes, and what it holds afterwards. */
const SHAPES: readonly [what: string, before: string, at: string, after: string][] = [
  ["an empty file", "", "t", '{\n  "t": "new"\n}\n'],
  ["an empty object", "{}", "t", '{\n  "t": "new"\n}'],
  ["a key that is there", '{\n  "t": "old"\n}\n', "t", '{\n  "t": "new"\n}\n'],
  ["a key that is not there", '{\n  "a": 1\n}\n', "t", '{\n  "a": 1,\n  "t": "new"\n}\n'],
  ["four spaces", '{\n    "a": 1\n}\n', "t", '{\n    "a": 1,\n    "t": "new"\n}\n'],
  ["tabs", '{\n\t"a": 1\n}\n', "t", '{\n\t"a": 1,\n\t"t": "new"\n}\n'],
  ["line ends of Windows", '{\r\n  "a": 1\r\n}\r\n', "t", '{\r\n  "a": 1,\r\n  "t": "new"\r\n}\r\n'],
  ["one line", '{"a":1,"t":"old"}', "t", '{"a":1,"t":"new"}'],
  ["one line, with nothing there", '{"a":1}', "t", '{"a":1,"t": "new"}'],
  ["a nested key", '{"x":{"t":"old","u":2}}', "x.t", '{"x":{"t":"new","u":2}}'],
  [
    "a nested key that is not there",
    '{\n  "x": {\n    "u": 2\n  }\n}',
    "x.t",
    '{\n  "x": {\n    "u": 2,\n    "t": "new"\n  }\n}',
  ],
  ["what is not there on the way", '{\n  "a": 1\n}', "x.y", '{\n  "a": 1,\n  "x": {\n    "y": "new"\n  }\n}'],
  [
    "numbers beyond 2^53",
    '{"id":17841400008460056789,"t":"old"}',
    "t",
    '{"id":17841400008460056789,"t":"new"}',
  ],
  ["numbers as they are written", '{"a":1.0,"b":1e5,"t":""}', "t", '{"a":1.0,"b":1e5,"t":"new"}'],
  ["escapes as they are written", '{"a":"\\u00e9\\/","t":""}', "t", '{"a":"\\u00e9\\/","t":"new"}'],
  ["the order of the keys", '{"z":1,"t":"old","a":2}', "t", '{"z":1,"t":"new","a":2}'],
  ["a value that was null", '{"t":null}', "t", '{"t":"new"}'],
  ["a value that was a number", '{"t":1}', "t", '{"t":"new"}'],
  [
    "comments",
    '{\n  // the token\n  "t": "old" /* 60 days */\n}',
    "t",
    '{\n  // the token\n  "t": "new" /* 60 days */\n}',
  ],
  ["odd spacing", '{ "t" :   "old" ,"a":1 }', "t", '{ "t" :   "new" ,"a":1 }'],
  ["a place in a list", '{"l":[{"t":"a"},{"t":"b"}]}', "l.1.t", '{"l":[{"t":"a"},{"t":"new"}]}'],
  ["a byte order mark", '\uFEFF{"t":"old"}', "t", '\uFEFF{"t":"new"}'],
  ["no line end at the end", '{\n  "t": "old"\n}', "t", '{\n  "t": "new"\n}'],
  [
    "the name in another value",
    '{"a":"\\"t\\":\\"x\\"","t":"old"}',
    "t",
    '{"a":"\\"t\\":\\"x\\"","t":"new"}',
  ],
  ["a key named __proto__", '{"__proto__":{"t":"old"}}', "__proto__.t", '{"__proto__":{"t":"new"}}'],
];

describe("a place in a JSON file", () => {
  it.each(SHAPES)("is set in %s, and all else stays", (_what, before, at, after) => {
    expect(setInJsonText(before, [{ at: at.split("."), value: "new" }])).toBe(after);
    expect(setInJsonText(after, [{ at: at.split("."), value: "new" }])).toBe(after);
  });

  it.each([
    ["no JSON", "hello"],
    ["half of it", '{"t":"old"'],
    ["a list", "[1]"],
    ["a text", '"t"'],
    ["a value on the way", '{"t":"x"}', "t.u"],
    ["an object in its place", '{"t":{"u":1}}'],
    ["a key that is there twice", '{"t":1,"t":2}'],
    ["a list that is too short", '{"l":[]}', "l.0"],
  ])("is refused in %s", (_what, before, at = "t") => {
    expect(() => setInJsonText(before, [{ at: at.split("."), value: "new" }])).toThrow(RangeError);
  });

  it("changes nothing but the text of the value, whatever the file", () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed, "json");
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const value = (depth: number): unknown => {
      if (depth > 2 || random() < 0.4) return pick([1, -2.5, null, true, "x", 'é\n"q"', 1e21]);
      if (random() < 0.4) return Array.from({ length: 3 }, () => value(depth + 1));
      return Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`k${index}`, value(depth + 1)]));
    };
    for (let round = 0; round < 300; round += 1) {
      const object = { a: value(0), x: { token: "OLD-TOKEN", b: value(1) }, z: value(0) };
      const before = JSON.stringify(object, null, pick([0, 1, 2, 4, "\t"])) + pick(["", "\n"]);
      const after = setInJsonText(before, [{ at: ["x", "token"], value: "NEW" }]);
      expect({ seed, after }).toEqual({ seed, after: before.replace("OLD-TOKEN", "NEW") });
    }
  });
});
