import { createTask, parse } from "node-cron";

const DAY_MS = 86_400_000;

/**
 * The instants at which a cron expression runs, by UTC, from the midnight of one day on to before another's, in
 * milliseconds and in order. node-cron itself says on which days; the times of day are the same on each.
 */
export function* scheduledRuns(expression: string, fromMs: number, toMs: number): Generator<number> {
  const { hour, minute, second } = parse(expression);
  const timesMs = hour.flatMap((h) =>
    minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1_000)),
  );
  const task = createTask(expression, () => undefined, { timezone: "Etc/UTC" });
  try {
    for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
      if (!task.match(new Date(dayMs + (timesMs[0] ?? 0)))) continue;
      for (const timeMs of timesMs) yield dayMs + timeMs;
    }
  } finally {
    void task.destroy();
  }
}
