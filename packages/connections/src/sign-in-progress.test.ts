import { describe, expect, it } from "vitest";

import { SignInProgressBoard, type SignInProgress } from "./sign-in-progress.ts";

async function collect(steps: AsyncIterable<SignInProgress>): Promise<string[]> {
  const seen: string[] = [];
  for await (const step of steps) seen.push("status" in step ? `${step.step} ${step.status}` : step.step);
  return seen;
}

describe("the progress of a sign-in", () => {
  it("is told in full to those who look from the start and to those who come late", async () => {
    const board = new SignInProgressBoard(() => 0);
    const early = collect(board.watch("a", new AbortController().signal));
    board.tell("a", { step: "code_accepted", status: "started" });
    board.tell("a", { step: "code_accepted", status: "done" });
    const late = collect(board.watch("a", new AbortController().signal));
    board.tell("a", { step: "ended" });
    const whole = ["code_accepted started", "code_accepted done", "ended"];
    expect(await early).toEqual(whole);
    expect(await late).toEqual(whole);
  });

  it("stops telling when nobody listens any more", async () => {
    const board = new SignInProgressBoard(() => 0);
    const gone = new AbortController();
    const seen = collect(board.watch("a", gone.signal));
    gone.abort();
    expect(await seen).toEqual([]);
  });

  it("forgets a sign-in a minute after its end", async () => {
    let nowMs = 0;
    const board = new SignInProgressBoard(() => nowMs);
    board.tell("a", { step: "ended" });
    nowMs = 61_000;
    board.open("b");
    const gone = new AbortController();
    const seen = collect(board.watch("a", gone.signal));
    gone.abort();
    expect(await seen).toEqual([]);
  });

  it("forgets one that was looked at and never finished", async () => {
    let nowMs = 0;
    const board = new SignInProgressBoard(() => nowMs);
    const first = new AbortController();
    const watching = collect(board.watch("a", first.signal));
    nowMs = 16 * 60_000;
    board.open("b");
    board.tell("a", { step: "ended" }); // another record: the one that was looked at is gone
    first.abort();
    expect(await watching).toEqual([]);
  });
});
