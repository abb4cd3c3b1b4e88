import { describe, expect, it } from "vitest";

import type { AttemptStep } from "../../lib/trpc.ts";
import { callFacts, callWords, outcomeWords } from "./call-words.ts";

const STEP: AttemptStep = {
  operation: "refresh_long_lived_token",
  host: "graph.instagram.com",
  startedAt: "2026-06-01T12:00:00.000Z",
  durationMs: 340,
  httpStatus: 400,
  errorCode: "token_revoked",
  reason: "password_changed",
  metaCode: 190,
  metaSubcode: 460,
  traceId: "AbC",
};

describe("a call", () => {
  it("is told by what it was for, how it went, and what a developer looks for", () => {
    expect(callWords(STEP)).toBe("Renew the token");
    expect(outcomeWords(STEP)).toBe("refused");
    expect(callFacts(STEP)).toBe("340 ms, HTTP 400, error 190 (460)");
  });

  it("that went well says so", () => {
    const fine = { ...STEP, httpStatus: 200, errorCode: null, metaCode: null, metaSubcode: null };
    expect(outcomeWords(fine)).toBe("fine");
    expect(callFacts({ ...fine, durationMs: 1_250 })).toBe("1.3 s, HTTP 200");
  });

  it("without an answer is not called a refusal, nor is one that only has to wait", () => {
    expect(outcomeWords({ errorCode: "transient", httpStatus: null })).toBe("no answer");
    expect(outcomeWords({ errorCode: "transient", httpStatus: 503 })).toBe("put off");
    expect(outcomeWords({ errorCode: "rate_limited", httpStatus: 400 })).toBe("put off");
    expect(callFacts({ ...STEP, httpStatus: null, metaCode: null })).toBe("340 ms, no HTTP status");
  });
});
