import { describe, expect, it } from "vitest";

import { createClockWatch } from "./clock-watch.ts";
import { openLog } from "./log.ts";

const HOUR_MS = 3_600_000;

function watching() {
  const lines: string[] = [];
  const log = openLog({
    name: "test",
    level: "info",
    destination: { write: (line) => void lines.push(line) },
  });
  const at = { ms: 0 };
  return { lines, at, watch: createClockWatch(log, () => at.ms) };
}

describe("the watch on our clock", () => {
  it("CK-02 believes an hour's difference, ahead or behind, for a minute after the last answer that showed it", () => {
    for (const skewMs of [HOUR_MS, -HOUR_MS]) {
      const { at, watch } = watching();
      expect(watch.isWrong()).toBe(false);
      watch.note(skewMs);
      at.ms += 59_999;
      expect(watch.isWrong()).toBe(true);
      at.ms += 1;
      expect(watch.isWrong()).toBe(false);
    }
  });

  it("CK-02 leaves a few minutes to the margin that every token has", () => {
    const { watch } = watching();
    watch.note(9 * 60_000);
    expect(watch.isWrong()).toBe(false);
  });

  it("tells the operator once, not with each answer", () => {
    const { lines, at, watch } = watching();
    for (let answer = 0; answer < 100; answer += 1) {
      watch.note(HOUR_MS);
      at.ms += 100;
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"skewSeconds":3600');
  });
});
