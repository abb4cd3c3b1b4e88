import { describe, expect, it } from "vitest";

import { explainError, isSignedOut, isWorthRetrying, retryDelayMs } from "./api-error.ts";

/** An error as the client throws it when the api answered. */
function answered(httpStatus: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error("Said by the api."), {
    data: {
      code: "X",
      httpStatus,
      reason: "internal",
      cure: "Do this.",
      step: null,
      traceId: null,
      requestId: "r1",
    },
    meta: { response: new Response(null, { status: httpStatus, headers }) },
  });
}
/** An error as the client throws it when something that is not the api answered, such as a proxy. */
function stranger(status: number): Error {
  return Object.assign(new Error("Unexpected token '<'"), {
    data: undefined,
    meta: { response: new Response("<html>", { status }) },
  });
}
const unreachable = Object.assign(new Error("Failed to fetch"), { data: undefined });

describe("explainError", () => {
  it("says what the api says", () => {
    expect(explainError(answered(500) as never, true)).toMatchObject({
      message: "Said by the api.",
      cure: "Do this.",
      requestId: "r1",
    });
  });

  it("SP-06 tells an unreachable server from a device that is offline", () => {
    expect(explainError(unreachable as never, true).reason).toBe("unreachable");
    expect(explainError(unreachable as never, false).reason).toBe("offline");
  });

  it("says that the page was opened at another address than the api's own", () => {
    const message = "This page was opened at another address than http://localhost:5173. Open it there.";
    const error = Object.assign(new Error("Unable to transform response from server"), {
      data: undefined,
      meta: { responseJSON: { error: { code: "other_address", message, retryable: false } } },
    });
    expect(explainError(error as never, true).message).toBe(message);
  });

  it("SC-04 shows nothing of what a stranger answered", () => {
    expect(JSON.stringify(explainError(stranger(502) as never, true))).not.toContain("Unexpected");
  });
});

describe("isWorthRetrying", () => {
  it("SP-06 never repeats what the api refused", () => {
    for (const status of [400, 401, 403, 404, 409, 412, 415]) {
      expect(isWorthRetrying(0, answered(status))).toBe(false);
      expect(isWorthRetrying(0, stranger(status))).toBe(false);
    }
  });

  it("SP-06 repeats a few times what could not be done", () => {
    for (const error of [answered(500), answered(503), stranger(502), unreachable]) {
      expect([0, 1, 2, 3].map((failures) => isWorthRetrying(failures, error))).toEqual([
        true,
        true,
        false,
        false,
      ]);
    }
  });

  it("RL-02 comes back after a throttle only when it was told when", () => {
    expect(isWorthRetrying(0, answered(429))).toBe(false);
    const told = answered(429, { "retry-after": "7" });
    expect(isWorthRetrying(0, told)).toBe(true);
    expect(retryDelayMs(0, told)).toBe(7_000);
  });
});

describe("retryDelayMs", () => {
  it("SP-06 doubles with jitter and stops growing", () => {
    expect([0, 1, 2].map((failures) => retryDelayMs(failures, unreachable, () => 0))).toEqual([
      500, 1_000, 2_000,
    ]);
    expect([0, 1, 2].map((failures) => retryDelayMs(failures, unreachable, () => 1))).toEqual([
      1_000, 2_000, 4_000,
    ]);
    expect(retryDelayMs(30, unreachable, () => 1)).toBe(30_000);
  });

  it("does not wait for ever because a header says so", () => {
    expect(retryDelayMs(0, answered(503, { "retry-after": "999999" }))).toBe(30_000);
    expect(retryDelayMs(0, answered(503, { "retry-after": "tomorrow" }), () => 1)).toBe(1_000);
  });
});

describe("isSignedOut", () => {
  it("SP-05 knows an ended session whoever says so, and nothing else", () => {
    expect(isSignedOut(answered(401))).toBe(true);
    expect(isSignedOut(stranger(401))).toBe(true);
    for (const error of [answered(403), answered(500), unreachable, null, "401", undefined]) {
      expect(isSignedOut(error)).toBe(false);
    }
  });
});
