import { createTask } from "node-cron";
import { describe, expect, it } from "vitest";

import { scheduledRuns } from "./scheduled-runs.ts";

const HOUR_MS = 3_600_000;
const FROM_MS = Date.parse("2026-01-01T00:00:00Z");

describe("the scheduled runs", () => {
  it.each(["*/15 * * * *", "0 3 * * *", "30 */7 * * 1", "0 0 L * *", "15 6 1,15 1-6 *", "0,30 0 4 * * *"])(
    "%s runs when node-cron says so, and at no other time",
    (expression) => {
      const toMs = FROM_MS + 35 * 24 * HOUR_MS;
      const task = createTask(expression, () => undefined, { timezone: "Etc/UTC" });
      const expected: number[] = [];
      for (let ms = FROM_MS; ms < toMs; ms += 15 * 60_000) {
        for (const second of [0, 30]) {
          if (task.match(new Date(ms + second * 1_000))) expected.push(ms + second * 1_000);
        }
      }
      void task.destroy();
      expect(expected.length).toBeGreaterThan(0);
      expect([...scheduledRuns(expression, FROM_MS, toMs)]).toEqual(expected);
    },
  );
});
