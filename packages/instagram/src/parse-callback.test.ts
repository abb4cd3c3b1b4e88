import { describe, expect, it } from "vitest";

import { parseCallback } from "./parse-callback.ts";
import { generator } from "./testing/generator.ts";

const CODE = { kind: "code", code: "AQBx-y_z", state: "abc" };

describe("a redirect with a code", () => {
  it.each([
    ["a whole address", "https://app.example.com/cb?code=AQBx-y_z&state=abc#_"],
    ["an address of Facebook's kind", "https://app.example.com/cb?code=AQBx-y_z&state=abc#_=_"],
    ["a path", "/cb?code=AQBx-y_z&state=abc"],
    ["a query", "?code=AQBx-y_z&state=abc"],
    ["bare parameters", "state=abc&code=AQBx-y_z"],
    ["the fragment pasted behind the code", "/cb?code=AQBx-y_z#_&state=abc"],
    ["Facebook's fragment pasted behind the code", "/cb?code=AQBx-y_z#_=_&state=abc"],
    ["Facebook's fragment encoded into the code", "/cb?code=AQBx-y_z%23_%3D_&state=abc"],
    ["the fragment encoded into the code", "/cb?code=AQBx-y_z%23_&state=abc"],
    ["parameters nobody knows", "/cb?code=AQBx-y_z&state=abc&iss=https%3A%2F%2Fx&iss=y"],
  ])("OA-11 is read from %s", (_what, input) => {
    expect(parseCallback(input)).toEqual(CODE);
  });

  it("is read from a URL and from parameters", () => {
    expect(parseCallback(new URL("https://app.example.com/cb?code=AQBx-y_z&state=abc#_"))).toEqual(CODE);
    expect(parseCallback(new URLSearchParams({ code: "AQBx-y_z#_", state: "abc" }))).toEqual(CODE);
  });
});

describe("OA-12 a refusal", () => {
  it("is told apart when the person said no", () => {
    const input =
      "?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=abc#_";
    expect(parseCallback(input)).toEqual({
      kind: "refused",
      state: "abc",
      reason: "user_denied",
      error: "access_denied",
      description: "The user denied your request",
    });
  });

  it.each([
    ["?error=access_denied", null, "user_denied", "access_denied"],
    ["?error=server_error&state=abc", "abc", "other", "server_error"],
    ["?error=access_denied&error_reason=app_blocked&state=abc", "abc", "other", "access_denied"],
    ["?error=&state=abc", "abc", "other", ""],
    ["?error&state=abc", "abc", "other", ""],
    ["?error_code=901&error_message=In+development&state=abc#_=_", "abc", "app_in_development", "901"],
    ["?error_code=200&error_message=Permissions+error&state=abc", "abc", "user_denied", "200"],
    ["?error_code=100&error_message=Sorry&state=abc", "abc", "other", "100"],
    [
      "?error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied&state=abc#_=_",
      "abc",
      "user_denied",
      "access_denied",
    ],
    ["?error_reason=user_denied&state=abc", "abc", "user_denied", ""],
    ["?code=AQBx&error=access_denied&state=abc", "abc", "user_denied", "access_denied"],
  ])("is seen in %s", (input, state, reason, error) => {
    expect(parseCallback(input)).toMatchObject({ kind: "refused", state, reason, error });
  });
});

describe("a damaged redirect", () => {
  it.each([
    ["", null, "missing_code"],
    ["?state=abc", "abc", "missing_code"],
    ["?code=&state=abc", "abc", "missing_code"],
    ["?code=%23_&state=abc", "abc", "missing_code"],
    ["AQBx-y_z#_", null, "missing_code"],
    ["?code=AQBx", null, "missing_state"],
    ["?code=AQBx&state=", null, "missing_state"],
    ["?code=a&code=b&state=abc", "abc", "repeated_parameter"],
    ["?code=a&code=a&state=abc", "abc", "repeated_parameter"],
    ["?code=a&state=abc&state=abc", null, "repeated_parameter"],
    ["?error=a&error=b&state=abc", "abc", "repeated_parameter"],
    ["?code=a%00b&state=abc", "abc", "malformed"],
    ["?code=a%0d%0ab&state=abc", "abc", "malformed"],
    ["?code=a&state=a%1b[31m", null, "malformed"],
    ["?error=a%00&state=abc", "abc", "malformed"],
    ["?code=a%ffb&state=abc", "abc", "malformed"],
    ["?code=a+b&state=abc", "abc", "malformed"],
    ["?code=%C3%BC&state=abc", "abc", "malformed"],
    ["?code=AQB%252Dx&state=abc", "abc", "malformed"],
    [`?code=${"a".repeat(2049)}&state=abc`, "abc", "too_long"],
    [`?code=a&state=${"a".repeat(1025)}`, null, "too_long"],
    [`?error=${"a".repeat(257)}&state=abc`, "abc", "too_long"],
    [`?x=${"a".repeat(20_000)}&code=a&state=abc`, null, "too_long"],
  ])("%#: %.40s", (input, state, problem) => {
    expect(parseCallback(input)).toEqual({ kind: "damaged", state, problem });
  });

  it("never throws, whatever arrives (2,000 seeded mutations)", () => {
    const seed = 20_261_122;
    const next = generator(seed);
    const pieces = [
      "?",
      "#",
      "#_",
      "&",
      "=",
      "%",
      "%zz",
      "%00",
      "%ff",
      "+",
      "code",
      "state",
      "error",
      "abc",
      "\uD800",
      "💥",
      "://",
      " ",
    ];
    for (let round = 0; round < 2000; round += 1) {
      const length = next() % 24;
      const input = Array.from({ length }, () => pieces[next() % pieces.length]).join("");
      const { kind } = parseCallback(input);
      expect(["code", "refused", "damaged"], `seed ${seed}, input ${JSON.stringify(input)}`).toContain(kind);
    }
  });
});
