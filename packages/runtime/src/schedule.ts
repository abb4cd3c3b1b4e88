import { createTask, validate } from "node-cron";

const RUNS_LOOKED_AT = 400;

/**
 * The longest time between two runs of a cron expression, in milliseconds, as far ahead as 400 runs go;
 * null when the expression is malformed or never runs.
 */
export function longestPeriodMs(expression: string): number | null {
  if (!validate(expression)) return null;
  const task = createTask(expression, () => undefined, { timezone: "Etc/UTC" });
  const runs = task.getNextRuns(RUNS_LOOKED_AT).map((run) => run.getTime());
  void task.destroy();
  const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  return gaps.length === 0 ? null : Math.max(...gaps);
}
