import { StoreError, type ProcessBeat } from "@perennial/db";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { startHeartbeat } from "./heartbeat.ts";
import { openLog } from "./log.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listening() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, log: openLog({ name: "test", level: "info", destination }) };
}

describe("the heartbeat of a server", () => {
  it("beats at the start and every ten seconds, and says at the end that it has ended", async () => {
    const beats: ProcessBeat[] = [];
    const removed: string[] = [];
    const store = {
      beatProcess: async (process: ProcessBeat) => void beats.push(process),
      removeProcess: async (id: string) => void removed.push(id),
    };
    const heartbeat = await startHeartbeat({
      store,
      id: "prc_test",
      kind: "worker",
      keyIds: ["k1", "k2"],
      log: listening().log,
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(beats).toHaveLength(3);
    expect(new Set(beats.map(({ id }) => id)).size).toBe(1);
    expect(beats.map(({ keyIds }) => keyIds)).toEqual(beats.map(() => ["k1", "k2"]));
    await heartbeat.stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(beats).toHaveLength(3);
    expect(removed).toEqual([beats[0]?.id]);
  });

  it("logs a beat that failed and goes on", async () => {
    const { lines, log } = listening();
    const fail = async (): Promise<void> => {
      throw new StoreError("busy", "The database stayed locked for longer than the busy time.");
    };
    const heartbeat = await startHeartbeat({
      store: { beatProcess: fail, removeProcess: fail },
      id: "prc_test",
      kind: "api",
      keyIds: ["k1"],
      log,
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await heartbeat.stop();
    expect(lines.filter((line) => line.includes("process.beat_failed"))).toHaveLength(3);
  });
});
