import { describe, expect, it } from "vitest";

import type { HistoryEntry } from "../../lib/trpc.ts";
import { foldLooks, historyNote, historyTitle, tookWords, triggerWords } from "./history-words.ts";

describe("historyTitle", () => {
  it("says what was tried and what came of it", () => {
    expect(historyTitle({ kind: "refresh", outcome: "succeeded" })).toBe("Renewed");
    expect(historyTitle({ kind: "refresh", outcome: "failed" })).toBe("Renewal failed");
    expect(historyTitle({ kind: "sign_in", outcome: "succeeded" })).toBe("Signed in");
    expect(historyTitle({ kind: "sign_in", outcome: "failed" })).toBe("Sign-in failed");
    expect(historyTitle({ kind: "restore", outcome: "succeeded" })).toBe("Previous token put back");
  });
});

describe("foldLooks", () => {
  let hours = 0;
  const entry = (changes: Partial<HistoryEntry> = {}): HistoryEntry => {
    const startedAt = new Date(Date.parse("2027-03-12T10:00:00.000Z") - (hours += 24) * 3_600_000);
    const look = {
      kind: "proof",
      outcome: "succeeded",
      trigger: "worker",
      startedAt: startedAt.toISOString(),
    };
    return { ...look, ...changes } as HistoryEntry;
  };

  it("makes one line of looks in a row, from the newest to the first", () => {
    const looks = [entry(), entry(), entry()];
    const [line, ...rest] = foldLooks(looks);
    expect(rest).toEqual([]);
    expect(line).toEqual({ entry: looks[0], count: 3, firstAt: looks[2]?.startedAt });
    expect(historyTitle(looks[0] as HistoryEntry, 3)).toBe("Looked at 3 times: it works");
  });

  it("folds nothing that somebody asked for, that failed, or that was something else", () => {
    const others: Partial<HistoryEntry>[] = [
      { trigger: "person" },
      { outcome: "failed" },
      { kind: "refresh" },
      { kind: "sign_in" },
    ];
    for (const changes of others) {
      const entries = [entry(), entry(changes), entry(changes), entry()];
      expect(foldLooks(entries).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    }
    expect(foldLooks([])).toEqual([]);
  });
});

describe("historyNote", () => {
  it("explains a token that was put back, and nothing else", () => {
    expect(historyNote({ kind: "restore", outcome: "succeeded" })).toContain("refused the current token");
    expect(historyNote({ kind: "restore", outcome: "failed" })).toBeNull();
    expect(historyNote({ kind: "refresh", outcome: "succeeded" })).toBeNull();
  });
});

describe("triggerWords", () => {
  it("tells apart who asked", () => {
    const words = (["person", "worker", "api", "cli", "cron"] as const).map(triggerWords);
    expect(new Set(words).size).toBe(5);
  });
});

describe("tookWords", () => {
  const took = (ms: number): string =>
    tookWords({
      startedAt: "2027-03-12T10:00:00.000Z",
      finishedAt: new Date(Date.parse("2027-03-12T10:00:00.000Z") + ms).toISOString(),
    });

  it("uses the unit that fits", () => {
    expect(took(340)).toBe("took 340 ms");
    expect(took(2_140)).toBe("took 2.1 s");
    expect(took(180_000)).toBe("took 3 minutes");
  });

  it("never runs backwards when a clock was moved", () => {
    expect(took(-5_000)).toBe("took 0 ms");
  });
});
