import { describe, expect, it } from "vitest";

import { FACEBOOK_ANSWERS } from "./testing/facebook-answers.ts";
import { graph, GRAPH_ANSWERS } from "./testing/graph-answers.ts";
import {
  errorOf,
  everythingIn,
  openTestFacebookLogin,
  openTestLogin,
  TEST_TOKEN,
  type TestAnswer,
} from "./testing/open-test-login.ts";
import { PLAIN_ANSWERS } from "./testing/plain-answers.ts";
import { exchange, refresh } from "./testing/sorted-answer.ts";
import { TransportError } from "./transport-error.ts";

const ROWS = [...PLAIN_ANSWERS, ...GRAPH_ANSWERS];

describe("UP-02 an upstream answer is sorted by the written table", () => {
  it.each(ROWS)("%s", async (_what, ask, answer, code, flags) => {
    const { login, calls } = openTestLogin(() => answer);
    const error = await errorOf(ask(login));
    expect({ code: error.code, retryable: error.retryable, needsReauth: error.needsReauth }).toEqual({
      code,
      retryable: flags === "retry",
      needsReauth: flags === "reauth",
    });
    expect(calls.at(-1)?.error?.code).toBe(code);
  });

  it.each(FACEBOOK_ANSWERS)("for Facebook Login: %s", async (_what, ask, answer, code, flags) => {
    const { login, calls } = openTestFacebookLogin(() => answer);
    const error = await errorOf(ask(login));
    expect({ code: error.code, retryable: error.retryable, needsReauth: error.needsReauth }).toEqual({
      code,
      retryable: flags === "retry",
      needsReauth: flags === "reauth",
    });
    expect(calls.at(-1)?.error?.code).toBe(code);
  });

  it("holds more than forty-five answers, no two alike", () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(45);
    expect(new Set(ROWS.map(([what]) => what)).size).toBe(ROWS.length);
  });

  it("never asks for a new sign-in because of an outage, a throttle or an error nobody knows", () => {
    const harmless = ROWS.filter(([, ask]) => ask !== exchange).filter(([, , , code]) =>
      ["transient", "rate_limited", "unknown", "app_not_available", "token_too_young"].includes(code),
    );
    expect(harmless.length).toBeGreaterThan(30);
    expect(harmless.filter(([, , , , flags]) => flags === "reauth")).toEqual([]);
  });
});

describe("a call without an answer", () => {
  const lost = new TransportError("reset", { requestMayHaveBeenProcessed: true });
  const unsent = new TransportError("connect_failed", {
    requestMayHaveBeenProcessed: false,
    systemCode: "ECONNREFUSED",
  });

  it.each([
    ["a refresh whose answer was lost", refresh, lost, true, false],
    ["a refresh that was never sent", refresh, unsent, true, false],
    ["OA-11 a code whose answer was lost", exchange, lost, false, true],
    ["OA-11 a code that was never sent", exchange, unsent, true, false],
    [
      "OA-11 a code answered by a redirect",
      exchange,
      new TransportError("redirect_refused", { requestMayHaveBeenProcessed: true }),
      false,
      true,
    ],
  ])("%s is transient", async (_what, ask, cause, retryable, needsReauth) => {
    const { login, requests } = openTestLogin(() => cause);
    const error = await errorOf(ask(login));
    expect(error).toMatchObject({ code: "transient", retryable, needsReauth, cause });
    expect(error.message.includes("start the sign-in again")).toBe(needsReauth);
    expect(requests).toHaveLength(1);
  });

  it("keeps nothing of a foreign transport's error, which may hold the URL", async () => {
    const { login } = openTestLogin((request) => new Error(`failed: ${request.url}`));
    const error = await errorOf(refresh(login));
    expect(error).toMatchObject({ code: "transient", retryable: true });
    expect(everythingIn(error)).not.toContain("SIMTOK");
  });
});

describe("what an error tells besides", () => {
  it("carries Meta's numbers, the status and the trace id", async () => {
    const { login } = openTestLogin(() => graph(190, "x", { error_subcode: 460, fbtrace_id: "A_b-C1" }, 401));
    const error = await errorOf(refresh(login));
    expect(error).toMatchObject({
      operation: "refresh_long_lived_token",
      reason: "password_changed",
      httpStatus: 401,
      metaCode: 190,
      metaSubcode: 460,
      traceId: "A_b-C1",
    });
  });

  it.each([
    "a\r\nb",
    "\u001B[31mred",
    "",
    "a b",
    "x".repeat(65),
    7,
    null,
    TEST_TOKEN.value,
    `x${TEST_TOKEN.value.slice(5, 20)}`,
  ])("drops the trace id %j", async (traceId) => {
    const { login, calls } = openTestLogin(() => graph(2, "x", { fbtrace_id: traceId }));
    const error = await errorOf(refresh(login));
    expect(error.traceId).toBeUndefined();
    expect(calls[0]).not.toHaveProperty("traceId");
  });

  it.each([
    [{ "Retry-After": "120" }, 120_000],
    [{ "retry-after": "Mon, 01 Jun 2026 12:05:00 GMT" }, 300_000],
    [{ "retry-after": "Mon, 01 Jun 2026 11:00:00 GMT" }, undefined],
    [{ "retry-after": "99999999999999999999" }, 86_400_000],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "x-business-use-case-usage": businessUsage(19) }, 1_140_000],
    [{ "x-business-use-case-usage": businessUsage(0) }, undefined],
    [{ "x-business-use-case-usage": businessUsage(1e9) }, 86_400_000],
    [{ "retry-after": "60", "x-business-use-case-usage": businessUsage(2) }, 120_000],
    [{ "x-business-use-case-usage": "{broken" }, undefined],
  ])("UP-04 reads from %j how long to stay away", async (headers, retryAfterMs) => {
    const answer = { status: 400, headers, json: { error: { code: 80002, message: "" } } } as TestAnswer;
    const { login } = openTestLogin(() => answer);
    const error = await errorOf(refresh(login));
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    [4, "app"],
    [341, "app"],
    [17, "account"],
    [32, "account"],
    [368, "account"],
    [613, "account"],
    [80000, "account"],
    [80001, "account"],
    [80002, "account"],
    [80014, "account"],
    [2, null],
    [190, null],
    [99_999, null],
  ])("UP-04 code %i stops %j", async (code, throttleScope) => {
    const { login } = openTestLogin(() => graph(code, ""));
    expect((await errorOf(refresh(login))).throttleScope).toBe(throttleScope);
  });

  it("UP-04 a throttle that does not say whose limit it is stops the app only when the app has used up its own", async () => {
    const ends = [];
    for (const usage of [undefined, appUsage(99), appUsage(100), "{broken"]) {
      const headers: Record<string, string> = usage === undefined ? {} : { "x-app-usage": usage };
      for (const status of [400, 429]) {
        const json = { error: status === 400 ? { code: 613, message: "" } : { message: "slow down" } };
        const { login } = openTestLogin(() => ({ status, headers, json }));
        const { code, throttleScope } = await errorOf(refresh(login));
        ends.push([code, throttleScope]);
      }
    }
    const [account, app] = [
      ["rate_limited", "account"],
      ["rate_limited", "app"],
    ];
    expect(ends).toEqual([account, account, account, account, app, app, account, account]);
  });

  it("UP-04 a throttle of one person stops nobody else, whatever the app has used", async () => {
    const answer = { status: 400, headers: { "x-app-usage": appUsage(100) }, json: { error: { code: 17 } } };
    const { login } = openTestLogin(() => answer);
    expect((await errorOf(refresh(login))).throttleScope).toBe("account");
  });

  it.each([
    [{}, 3_600_000],
    [{ "x-app-usage": appUsage(100) }, 3_600_000],
    [{ "retry-after": "soon" }, 3_600_000],
    [{ "retry-after": "0" }, 3_600_000],
    [{ "retry-after": "120" }, 120_000],
    [{ "retry-after": "Mon, 01 Jun 2026 13:30:00 GMT" }, 5_400_000],
    [{ "x-business-use-case-usage": businessUsage(19) }, 1_140_000],
    [{ "x-business-use-case-usage": businessUsage(1e9) }, 86_400_000],
    [{ "retry-after": "1e9" }, 3_600_000],
    [{ "retry-after": "999999999" }, 86_400_000],
  ])(
    "UP-04 the app's limit with %j stops all its calls until the stated time, or for an hour",
    async (headers, ms) => {
      const answer = { status: 400, headers, json: { error: { code: 4, message: "" } } } as TestAnswer;
      const { login } = openTestLogin(() => answer);
      expect(await errorOf(refresh(login))).toMatchObject({ throttleScope: "app", retryAfterMs: ms });
    },
  );

  it("UP-04 a throttled code exchange keeps its scope and its wait, though the code is spent", async () => {
    const { login } = openTestLogin(() => graph(4, ""));
    const error = await errorOf(exchange(login));
    expect(error).toMatchObject({ retryable: false, needsReauth: true });
    expect(error).toMatchObject({ throttleScope: "app", retryAfterMs: 3_600_000 });
  });

  it("UP-04 an answer nobody sent stops nothing", async () => {
    const { login } = openTestLogin(() => new TransportError("reset", { requestMayHaveBeenProcessed: true }));
    expect((await errorOf(refresh(login))).throttleScope).toBeNull();
  });

  it("stays away for hours after a block, and follows Retry-After on a 503", async () => {
    const blocked = openTestLogin(() => graph(368, ""));
    expect((await errorOf(refresh(blocked.login))).retryAfterMs).toBe(6 * 3_600_000);
    const down = openTestLogin(() => ({ status: 503, headers: { "retry-after": "30" }, text: "" }));
    expect((await errorOf(refresh(down.login))).retryAfterMs).toBe(30_000);
  });
});

function appUsage(percent: number): string {
  return JSON.stringify({ call_count: 20, total_time: percent, total_cputime: 5 });
}

function businessUsage(minutes: number): string {
  const entry = { type: "instagram", call_count: 100, total_cputime: 25, total_time: 25 };
  return JSON.stringify({ "17841400000000123": [{ ...entry, estimated_time_to_regain_access: minutes }] });
}
