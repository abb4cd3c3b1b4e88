import type { DoctorReport } from "@perennial/runtime";
import { describe, expect, it } from "vitest";

import { createReportSource } from "./report-source.ts";

const REPORT: DoctorReport = { checkedAt: new Date(0), isSimulated: true, checks: [], steps: [] };

/** A source whose looks end when they are told to. */
function sourceToWatch() {
  const ends: { resolve: (report: DoctorReport) => void; reject: (error: Error) => void }[] = [];
  let nowMs = 0;
  const ask = createReportSource({
    diagnose: () => new Promise((resolve, reject) => void ends.push({ resolve, reject })),
    monotonicNow: () => nowMs,
  });
  return { ask, ends, wait: (ms: number) => (nowMs += ms) };
}

describe("the report that the web asks for", () => {
  it("is made once for everybody who asks meanwhile, however long it takes", async () => {
    const { ask, ends, wait } = sourceToWatch();
    const asked = Array.from({ length: 50 }, () => ask());
    wait(120_000);
    asked.push(ask());
    expect(ends).toHaveLength(1);
    ends[0]?.resolve(REPORT);
    expect(new Set(await Promise.all(asked))).toEqual(new Set([REPORT]));
  });

  it("is kept for half a minute after it was made, and made anew then", async () => {
    const { ask, ends, wait } = sourceToWatch();
    const first = ask();
    wait(10_000);
    ends[0]?.resolve(REPORT);
    await first;
    wait(29_999);
    expect(await ask()).toBe(await first);
    wait(1);
    void ask();
    expect(ends).toHaveLength(2);
  });

  it("asks nobody in a hurry where it cannot be made", async () => {
    const { ask, ends, wait } = sourceToWatch();
    const failed = ask();
    ends[0]?.reject(new Error("no disk"));
    await expect(failed).rejects.toThrow("no disk");
    wait(4_999);
    await expect(ask()).rejects.toThrow("no disk");
    expect(ends).toHaveLength(1);
    wait(1);
    void ask();
    expect(ends).toHaveLength(2);
  });
});
