import { describe, expect, it } from "vitest";

import type { Alert, FailureClass } from "../../lib/trpc.ts";
import { deliveryWords, messageLook, messageSentence, messageTitle, openMessages } from "./message-words.ts";
import { textOf } from "./sentence.ts";
import { at } from "./testing.ts";
import { messagesPollMs } from "./use-messages.ts";

const now = at(0);

function alertOf(change: Partial<Alert> = {}): Alert {
  return {
    id: "alt_a",
    kind: "connection.failing",
    userId: "usr_a",
    connectionId: "con_a",
    flavour: "instagram",
    appId: "1",
    daysLeft: null,
    tokenExpiresAt: new Date(at(20)).toISOString(),
    createdAt: new Date(at(-1)).toISOString(),
    deliveryState: "none",
    deliveryAttempts: 0,
    deliveredAt: null,
    problem: {
      code: "transient",
      class: "retry",
      message: "Instagram did not answer properly.",
      cure: "c",
      at: null,
    },
    ...change,
  };
}

const kinds: Alert["kind"][] = [
  "connection.reconnect_required",
  "connection.failing",
  "connection.expiring",
  "connection.recovered",
  "app.degraded",
  "app.recovered",
];

describe("a message", () => {
  it("has a title of its own for every kind", () => {
    expect(new Set(kinds.map((kind) => messageTitle({ kind, daysLeft: 7, problem: null }))).size).toBe(
      kinds.length,
    );
  });

  it("keeps the tone of a person who must act for what only they can help with", () => {
    expect(kinds.filter((kind) => messageLook({ kind, problem: null }).tone === "needs_person")).toEqual([
      "connection.reconnect_required",
    ]);
  });

  it("tells at a glance what passes, what the person ends, and what whoever runs the site has to mend", () => {
    const failing = (problem: { class: FailureClass } | null) => {
      const kind = problem?.class === "reconnect" ? "connection.reconnect_required" : "connection.failing";
      return { ...messageLook({ kind, problem }), title: messageTitle({ kind, problem, daysLeft: null }) };
    };
    const looks = (["retry", "reconnect", "operator"] as const).map((name) => failing({ class: name }));
    for (const part of ["icon", "tone", "title"] as const)
      expect(new Set(looks.map((look) => look[part])).size).toBe(looks.length);
    const app = { kind: "app.degraded", problem: { class: "operator" }, daysLeft: null } as const;
    expect(messageTitle(app)).toBe("All accounts need the operator");
    expect(messageLook(app).tone).toBe("needs_operator");
  });

  it("says how near the end was", () => {
    const title = (daysLeft: number): string =>
      messageTitle({ kind: "connection.expiring", daysLeft, problem: null });
    expect([14, 3, 1].map(title)).toEqual(["Ends within 14 days", "Ends within 3 days", "Ends within a day"]);
  });

  it("says what was the matter, and until when the token was good", () => {
    expect(textOf(messageSentence(alertOf(), now))).toBe(
      "Instagram did not answer properly. The token is good until 1 Apr.",
    );
    expect(textOf(messageSentence(alertOf({ kind: "connection.expiring", problem: null }), now))).toBe(
      "The token ends on 1 Apr.",
    );
    expect(textOf(messageSentence(alertOf({ kind: "connection.reconnect_required" }), now))).toBe(
      "Instagram did not answer properly.",
    );
  });

  it("reads well with as little as an alert may hold", () => {
    for (const kind of kinds) {
      const sentence = textOf(messageSentence(alertOf({ kind, problem: null, tokenExpiresAt: null }), now));
      expect(sentence).not.toMatch(/undefined|null|Invalid| {2}/);
    }
  });
});

describe("deliveryWords", () => {
  const words = (deliveryState: Alert["deliveryState"], deliveryAttempts: number): string | null =>
    deliveryWords({ deliveryState, deliveryAttempts });

  it("says what became of the webhook, and nothing where there was none", () => {
    expect(words("none", 0)).toBeNull();
    expect(words("waiting", 0)).toBe("On its way");
    expect(words("waiting", 2)).toBe("On its way, 2 attempts so far");
    expect(words("delivered", 3)).toBe("Sent");
    expect(words("given_up", 10)).toBe("Not accepted by the receiver, 10 attempts");
  });
});

describe("openMessages", () => {
  const on = (day: number): string => new Date(at(day)).toISOString();
  const failing = { id: "a", kind: "connection.failing" as const, createdAt: on(-9) };
  const recovered = { id: "b", kind: "connection.recovered" as const, createdAt: on(-8) };
  const expiring = { id: "c", kind: "connection.expiring" as const, createdAt: on(-3) };

  it("takes everything up to the last good news for settled", () => {
    expect([...openMessages([expiring, recovered, failing], on(-8))]).toEqual(["c"]);
    expect([...openMessages([recovered, failing], on(-60))]).toEqual([]);
    expect([...openMessages([failing], null)]).toEqual(["a"]);
  });

  it("takes a warning for settled once the token was renewed, though nobody was told so", () => {
    expect([...openMessages([expiring], on(-33))]).toEqual(["c"]);
    expect([...openMessages([expiring], on(-1))]).toEqual([]);
  });
});

describe("messagesPollMs", () => {
  it("reads again only while something is on its way", () => {
    expect(messagesPollMs([])).toBe(false);
    expect(messagesPollMs([alertOf({ deliveryState: "delivered" })])).toBe(false);
    const again = alertOf({ deliveryState: "waiting", deliveryAttempts: 3 });
    expect(messagesPollMs([alertOf(), again])).toBe(30_000);
    expect(messagesPollMs([again, alertOf({ deliveryState: "waiting" })])).toBe(2_000);
  });
});
