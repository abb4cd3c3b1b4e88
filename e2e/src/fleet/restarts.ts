import type { PostgresServer } from "@perennial/db/testing";

import type { Fleet } from "./fleet.ts";
import type { SignInReport } from "./keep-signing-in.ts";
import { runOn } from "./run-on.ts";
import { awaitRefreshes, countRefreshes } from "./refreshes.ts";

/** Restarts the server so many times, cleanly and as after a crash in turn, each time after some refreshes. */
export async function restartUnderLoad(
  fleet: Fleet,
  server: PostgresServer,
  plan: { restarts: number; refreshesBetween: number },
): Promise<void> {
  for (let restart = 0; restart < plan.restarts; restart += 1) {
    await awaitRefreshes(fleet, countRefreshes(fleet) + plan.refreshesBetween);
    await server.restart({ isCrash: restart % 2 === 1 });
  }
}

/** Connections whose sign-in was acknowledged, and which the database does not have. */
export async function lostSignIns(report: SignInReport, databaseUrl: string): Promise<string[]> {
  const rows = await runOn<{ id: string }>(databaseUrl, "SELECT id FROM connections");
  const stored = new Set(rows.map(({ id }) => id));
  return report.acknowledged.map(({ connectionId }) => connectionId).filter((id) => !stored.has(id));
}
