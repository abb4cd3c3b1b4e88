import type { SweepRuns } from "@perennial/connections";
import { Hono, type Context } from "hono";

import { NO_STORE, problem } from "./problem.ts";

/**
 * For hosts on which no worker can run: a scheduler elsewhere asks for a sweep, is answered at once, and may
 * ask later how it went. Whoever else sweeps at the same time, each token is refreshed once.
 */
export function createCronRoutes(
  runs: SweepRuns,
  onStarted: (context: Context, runId: string) => void,
): Hono {
  return new Hono()
    .post("/refresh", async (context) => {
      const run = await runs.start();
      onStarted(context, run.id);
      const status = `/cron/runs/${run.id}`;
      context.header("location", status);
      return context.json({ ...run, status }, 202, NO_STORE);
    })
    .get("/runs/:id", async (context) => {
      const id = context.req.param("id");
      const run = /^run_[A-Za-z0-9_-]{22}$/.test(id) ? await runs.find(id) : null;
      return run === null ? unknownRun(context) : context.json(run, 200, NO_STORE);
    });
}

function unknownRun(context: Context): Response {
  return problem(context, 404, "not_found", "There is no such run, or it was more than a week ago.");
}
