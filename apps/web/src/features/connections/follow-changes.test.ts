import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { followChanges, type OpenChangeStream } from "./follow-changes.ts";

type Told = Parameters<OpenChangeStream>[0];

function follow() {
  const streams: { told: Told; isOpen: boolean }[] = [];
  const seen = { listening: 0, ended: 0, changed: [] as string[] };
  const stop = followChanges({
    open: (told) => {
      const stream = { told, isOpen: true };
      streams.push(stream);
      return {
        unsubscribe: () => {
          stream.isOpen = false;
        },
      };
    },
    onListening: () => {
      seen.listening += 1;
    },
    onChanged: (ids) => seen.changed.push(...ids),
    onEnded: () => {
      seen.ended += 1;
    },
  });
  const last = (): Told => {
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error("no stream");
    return stream.told;
  };
  return { streams, seen, stop, last };
}

describe("followChanges", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("tells what changed, and when somebody listens again", () => {
    const { seen, last } = follow();
    last().onStarted();
    last().onData({ changed: ["con_a"] });
    last().onStarted();
    expect(seen).toEqual({ listening: 2, ended: 0, changed: ["con_a"] });
  });

  it("SP-06 opens a refused stream anew, waiting longer each time up to a minute", () => {
    const { streams, last } = follow();
    const waitsMs = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
    for (const [index, waitMs] of waitsMs.entries()) {
      last().onError();
      vi.advanceTimersByTime(waitMs - 1);
      expect(streams).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(streams).toHaveLength(index + 2);
    }
    expect(streams.filter(({ isOpen }) => isOpen)).toHaveLength(1);
  });

  it("waits briefly again once a stream has started", () => {
    const { streams, last } = follow();
    last().onError();
    vi.advanceTimersByTime(2_000);
    last().onError();
    vi.advanceTimersByTime(4_000);
    last().onStarted();
    last().onStopped();
    vi.advanceTimersByTime(2_000);
    expect(streams).toHaveLength(4);
  });

  it("SP-05 asks once about the session per ending, and opens nothing after being stopped", () => {
    const { streams, seen, stop, last } = follow();
    last().onStopped();
    last().onError();
    expect(seen.ended).toBe(1);
    stop();
    vi.advanceTimersByTime(600_000);
    last().onError();
    vi.advanceTimersByTime(600_000);
    expect(streams).toHaveLength(1);
    expect(seen.ended).toBe(1);
    expect(streams[0]?.isOpen).toBe(false);
  });
});
