import { describe, expect, it } from "vitest";

import { quoteLargeIntegers } from "./quote-large-integers.ts";
import { generator } from "./testing/generator.ts";

describe("quoting large integers", () => {
  it("OA-09 keeps the last digit of every integer that a number cannot hold", () => {
    for (const digits of ["17841401234567891", "9007199254740993", "-17841401234567891", "9".repeat(40)]) {
      for (const json of [`{"a":${digits}}`, `{"a": ${digits} ,"b":1}`, `{"a":[${digits}\n]}`]) {
        expect(JSON.stringify(JSON.parse(quoteLargeIntegers(json)))).toContain(`"${digits}"`);
      }
    }
  });

  it("leaves alone what a number can hold, what is no integer, and digits in strings", () => {
    for (const json of [
      '{"a":9007199254740991}',
      '{"a":-9007199254740991,"b":0}',
      '{"a":1234567890123456.5,"b":12345678901234567e3}',
      '{"a":"17841401234567891","b":"\\"17841401234567891"}',
      '{"17841401234567891":"x\\\\"}',
      "",
    ]) {
      expect(quoteLargeIntegers(json)).toBe(json);
    }
  });

  it("makes no JSON of what is none", () => {
    for (const text of [
      "{17841401234567891:1}",
      '{"a":1,17841401234567891 :2}',
      '{"a":017841401234567891}',
      '{"a":17841401234567891 5}',
      '{"a":"17841401234567891}',
      '{"a":x17841401234567891}',
      '{"a":17841401234567891',
    ]) {
      expect(() => JSON.parse(quoteLargeIntegers(text)) as unknown).toThrow(SyntaxError);
    }
  });

  it("agrees with a reviver that sees the source, on 2,000 seeded texts", () => {
    const random = generator(20_261_124);
    const pieces = [
      '"',
      "\\",
      "17841401234567891",
      "9007199254740993",
      "-",
      "1",
      ".5",
      "e3",
      " ",
      ",",
      ":",
      "a",
    ];
    const withSource = (_key: string, value: unknown, context?: { source?: string }): unknown =>
      typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
        ? context?.source
        : value;
    const parse = (read: () => unknown): unknown => {
      try {
        return read();
      } catch {
        return "no JSON";
      }
    };
    let parsed = 0;
    for (let round = 0; round < 2_000; round += 1) {
      const length = random() % 6;
      const inner = Array.from({ length }, () => pieces[random() % pieces.length]).join("");
      const text = `{"a":[${inner}],"b":"${inner.replaceAll('"', "")}"}`;
      const expected = parse(() => JSON.parse(text, withSource) as unknown);
      expect([text, parse(() => JSON.parse(quoteLargeIntegers(text)) as unknown)]).toEqual([text, expected]);
      if (expected !== "no JSON") parsed += 1;
    }
    expect(parsed).toBeGreaterThan(100);
  });
});
