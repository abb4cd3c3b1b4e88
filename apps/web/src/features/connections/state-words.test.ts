import { describe, expect, it } from "vitest";

import type { Connection, FailureClass } from "../../lib/trpc.ts";
import { textOf } from "./sentence.ts";
import { adviceFor, cureFor, isOver, lookOf, needsPerson, stateSentence } from "./state-words.ts";
import { connectionOf, at } from "./testing.ts";

const now = at(0);
const PAUSE = { problem: null };
const states: Connection["state"][] = [
  "healthy",
  "due",
  "urgent",
  "ending",
  "failing",
  "reconnect_required",
  "expired",
];

function words(connection: Connection): string {
  return textOf(stateSentence(connection, now));
}

describe("lookOf", () => {
  it("gives every state a word of its own", () => {
    const looks = states.map((state) => lookOf({ ...connectionOf({ ageDays: 12 }), state }, now).word);
    expect(new Set(looks).size).toBe(states.length);
  });

  it("shows a fresh leaf while Instagram would refuse to renew the token, and calls it healthy", () => {
    expect(lookOf(connectionOf({ ageDays: 0.5 }), now)).toMatchObject({ word: "Healthy", tone: "fresh" });
    expect(lookOf(connectionOf({ ageDays: 1 }), now)).toMatchObject({ word: "Healthy", tone: "healthy" });
    expect(lookOf({ ...connectionOf({ ageDays: 0.5 }), state: "failing" }, now).tone).toBe("attention");
  });

  it("tells at a glance what passes, what the person ends, and what whoever runs the site has to mend", () => {
    const failing = (failureClass: FailureClass): Connection => {
      const problem = { code: "unknown", class: failureClass, message: "m", cure: "c", at: null } as const;
      const state = failureClass === "reconnect" ? "reconnect_required" : "failing";
      return { ...connectionOf({ ageDays: 31, state }), problem };
    };
    const looks = (["retry", "reconnect", "operator"] as const).map((name) => lookOf(failing(name), now));
    for (const part of ["word", "icon", "tone"] as const)
      expect(new Set(looks.map((look) => look[part])).size).toBe(looks.length);
    const { problem } = failing("operator");
    expect(lookOf(connectionOf({ ageDays: 31, state: "due" }), now, { problem })).toBe(looks[2]);
    expect(lookOf({ ...failing("operator"), state: "expired" }, now).word).toBe("Expired");
  });

  it("keeps clay for what works no more until the person helps", () => {
    for (const state of states) {
      const isClay =
        lookOf({ ...connectionOf({ ageDays: 12 }), state, life: null }, now).tone === "needs_person";
      expect(isClay).toBe(isOver({ state }));
    }
  });
});

describe("stateSentence", () => {
  it("says when it was renewed and when it will be", () => {
    expect(words(connectionOf({ ageDays: 12 }))).toBe("Renewed 12 days ago. Next renewal in 18 days.");
    expect(words(connectionOf({ ageDays: 0 }))).toBe("Renewed today. Next renewal in 30 days.");
  });

  it("calls the first token a connection, not a renewal", () => {
    const connection = connectionOf({ ageDays: 0 });
    expect(words({ ...connection, connectedAt: connection.renewedAt ?? "" })).toBe(
      "Connected today. Next renewal in 30 days.",
    );
    expect(words({ ...connection, renewedAt: null })).toMatch(/^Connected 100 days ago\./);
  });

  it("says since when it is due and when the next attempt comes", () => {
    const connection = connectionOf({ ageDays: 31, state: "due", nextRefreshAt: at(5 / 1440) });
    expect(words(connection)).toBe("Due since yesterday. Next attempt in 5 minutes.");
    expect(words(connectionOf({ ageDays: 31, state: "due", nextRefreshAt: at(-1) }))).toContain(
      "The next attempt is due now.",
    );
  });

  it("says how little is left", () => {
    const connection = connectionOf({ ageDays: 55, state: "urgent", nextRefreshAt: at(0.01) });
    expect(words(connection)).toBe("5 days left. Next attempt in 14 minutes.");
  });

  it("says what failed and why", () => {
    const problem = {
      code: "transient",
      class: "retry",
      message: "Instagram did not answer properly.",
      cure: "x",
      at: null,
    };
    const connection = connectionOf({ ageDays: 31, state: "failing", nextRefreshAt: at(0.01) });
    expect(words({ ...connection, failedAttempts: 1, problem } as Connection)).toBe(
      "1 attempt failed. Instagram did not answer properly. Next attempt in 14 minutes.",
    );
  });

  it("says how much time a renewal has that waits with all others", () => {
    const failing = connectionOf({ ageDays: 31, state: "failing", nextRefreshAt: at(0.01) });
    expect(textOf(stateSentence(failing, now, true))).toBe("29 days left. Renewed after the pause.");
    expect(lookOf(failing, now, PAUSE)).toMatchObject({ word: "Renewal waits", tone: "unknown" });
    const urgent = connectionOf({ ageDays: 55, state: "failing", nextRefreshAt: at(0.01) });
    expect(lookOf(urgent, now, PAUSE)).toEqual(lookOf(urgent, now));
  });

  it("says in the last fourteen days how many are left, whatever the state", () => {
    const problem = {
      code: "transient",
      class: "retry",
      message: "Instagram did not answer properly.",
      cure: "x",
      at: null,
    };
    const failing = connectionOf({ ageDays: 57, state: "failing", nextRefreshAt: at(0.01) });
    expect(words({ ...failing, failedAttempts: 9, problem } as Connection)).toBe(
      "9 attempts failed. Instagram did not answer properly. 3 days left. Next attempt in 14 minutes.",
    );
    expect(words(connectionOf({ ageDays: 48, state: "due", nextRefreshAt: at(-1) }))).toContain(
      "12 days left.",
    );
    expect(words(connectionOf({ ageDays: 40, state: "due", nextRefreshAt: at(-1) }))).not.toContain("left");
  });

  it("promises no renewal once only the person can help", () => {
    const expired = connectionOf({ ageDays: 63, state: "expired", nextRefreshAt: null });
    expect(words(expired)).toBe("Expired 3 days ago. Instagram cannot renew an expired token.");
    expect(words({ ...expired, life: null })).toBe("No token is held any more.");
    expect(words({ ...expired, state: "reconnect_required" })).toContain("asks for a new sign-in");
  });

  it("has a sentence that ends for every state, with and without a life", () => {
    for (const state of states) {
      for (const flavour of ["instagram", "facebook"] as const) {
        const connection = connectionOf({ ageDays: 12, state, flavour });
        for (const known of [connection, { ...connection, life: null }]) {
          expect(words(known)).toMatch(/\.$/);
          expect(words(known)).not.toMatch(/!|undefined|null|NaN| {2}/);
        }
      }
    }
  });
});

describe("what only a person can extend", () => {
  const page = (ageDays: number, state: Connection["state"] = "healthy") =>
    connectionOf({ ageDays, state, flavour: "facebook", nextRefreshAt: at(1) });

  it("is looked at, and good until a day; no renewal is promised", () => {
    expect(words(page(12))).toBe("Renewed 12 days ago. Looked at every day, good until 29 May.");
    expect(words({ ...page(12), life: null })).toBe("Renewed 12 days ago. Looked at every day.");
  });

  it("is fresh for a day, although nobody can refresh it", () => {
    expect(lookOf(page(0.5), now).tone).toBe("fresh");
    expect(lookOf(page(1), now).tone).toBe("healthy");
  });

  it("tells that it ends in time, calmly, and asks for the person", () => {
    const ending = page(80, "ending");
    expect(lookOf(ending, now)).toMatchObject({ word: "Ends soon", tone: "attention" });
    expect(words(ending)).toBe("10 days left. Only you can extend it, with one click.");
    expect(adviceFor(ending)).toBe("Reconnect whenever it suits you; nothing else changes.");
    expect(needsPerson(ending)).toBe(true);
    expect(isOver(ending)).toBe(false);
  });

  it("names Facebook once it is over", () => {
    expect(words(page(93, "expired"))).toBe("Expired 3 days ago. Facebook asks for a new sign-in.");
    expect(words(page(12, "reconnect_required"))).toBe(
      "Facebook asks for a new sign-in before this connection works again.",
    );
  });
});

describe("adviceFor", () => {
  const failing = connectionOf({ ageDays: 40, state: "failing" });
  const problem = {
    code: "transient" as const,
    class: "retry" as const,
    message: "m",
    cure: "Try again in a moment.",
    at: null,
  };

  it("asks for nothing where attempts go on by themselves", () => {
    expect(adviceFor({ ...failing, problem })).toBe("Nothing to do yet: 1,920 chances are left.");
    expect(cureFor(problem)).toBeNull();
  });

  it("points at permissions that are missing, while nothing worse is the matter", () => {
    const scope = { scope: "instagram_content_publish", purpose: "Publish." };
    const healthy = connectionOf({ ageDays: 12 });
    expect(adviceFor(healthy)).toBe("Nothing to do.");
    expect(adviceFor({ ...healthy, missingScopes: [scope] })).toMatch(/^One permission is/);
    expect(adviceFor({ ...healthy, missingScopes: [scope, scope] })).toMatch(/^2 permissions/);
    const over = { ...healthy, state: "reconnect_required" as const, missingScopes: [scope] };
    expect(adviceFor(over)).toBe("Reconnect the account.");
  });

  it("says the cure where somebody has to act", () => {
    const wrongSecret = {
      ...problem,
      code: "invalid_client" as const,
      class: "operator" as const,
      cure: "Compare the secret.",
    };
    expect(adviceFor({ ...failing, problem: wrongSecret })).toBe("Compare the secret.");
    expect(adviceFor({ ...failing, state: "reconnect_required", problem: null })).toBe(
      "Reconnect the account.",
    );
  });
});
