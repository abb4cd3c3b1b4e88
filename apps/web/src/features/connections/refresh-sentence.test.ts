import { describe, expect, it } from "vitest";

import type { RefreshResult } from "../../lib/trpc.ts";
import { refreshSentence } from "./refresh-sentence.ts";
import { textOf } from "./sentence.ts";
import { at, connectionOf } from "./testing.ts";

/** The simulator's clock may be a month ahead of the device's. */
const clocks = { now: at(0), deviceNow: at(-31) };
const iso = (days: number): string => new Date(at(days)).toISOString();

const sentences: [RefreshResult, string][] = [
  [{ kind: "refreshed", expiresAt: iso(60) }, "Renewed. Good for another 60 days."],
  [
    { kind: "not_due", dueAt: iso(18), expiresAt: iso(48) },
    "Renewed 12 days ago. Next renewal in 18 days. Nothing to do.",
  ],
  [
    { kind: "too_young", refreshableAt: iso(1) },
    "Instagram renews a token only once it is a day old, from tomorrow on. Nothing to do.",
  ],
  [
    { kind: "failed", code: "transient", nextRefreshAt: iso(2 / 1440) },
    "Not renewed this time. The present token stays in use; the next attempt is in 2 minutes.",
  ],
  [
    { kind: "paused", code: "transient", nextProbeAt: iso(-31 + 2 / 1440) },
    "Renewals wait for now, so nothing was asked. The present token stays in use. " +
      "Perennial looks again in 2 minutes.",
  ],
  [
    { kind: "paused", code: "rate_limited", nextProbeAt: iso(-31.1) },
    "Renewals wait for now, so nothing was asked. The present token stays in use. " +
      "Perennial looks again just now.",
  ],
  [
    { kind: "reconnect_required", code: "token_revoked" },
    "Instagram asks for a new sign-in. Reconnect the account.",
  ],
  [{ kind: "in_progress" }, "A renewal is already running. Its result appears here by itself."],
  [
    { kind: "superseded" },
    "The connection changed in the meantime, and nothing was overwritten. This page shows what is.",
  ],
];

const ofPages: [RefreshResult, string][] = [
  [{ kind: "refreshed", expiresAt: iso(78) }, "It works. Good until 29 May; only you can extend that."],
  [
    { kind: "failed", code: "transient", nextRefreshAt: iso(2 / 1440) },
    "No clear answer this time. The token stays in use; the next look is in 2 minutes.",
  ],
  [
    { kind: "reconnect_required", code: "token_revoked" },
    "Facebook asks for a new sign-in. Reconnect the account.",
  ],
  [{ kind: "in_progress" }, "It is being looked at already. What comes of it appears here by itself."],
];

describe("refreshSentence", () => {
  it.each(sentences)("has a sentence for $kind", (result, sentence) => {
    expect(textOf(refreshSentence(result, connectionOf({ ageDays: 12 }), clocks))).toBe(sentence);
  });

  it.each(ofPages)("promises no renewal of a Page's token: $kind", (result, sentence) => {
    const connection = connectionOf({ ageDays: 12, flavour: "facebook" });
    expect(textOf(refreshSentence(result, connection, clocks))).toBe(sentence);
  });

  it("keeps instants exact inside the sentence", () => {
    const [result] = sentences[1] ?? [];
    if (result === undefined) throw new Error("no result");
    const instants = refreshSentence(result, connectionOf({ ageDays: 12 }), clocks).filter(
      (part) => typeof part !== "string",
    );
    expect(instants.map((instant) => instant.at)).toEqual([iso(-12), iso(18)]);
  });
});
