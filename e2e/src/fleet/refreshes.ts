import type { Fleet } from "./fleet.ts";
import { runOn } from "./run-on.ts";

/** Refreshes as the simulator, the workers and the database tell of them. */
export type RefreshReport = {
  /** Granted by the simulator since its ledger was reset. */
  granted: number;
  /** Refused by it, or cut off. */
  notGranted: number;
  /** The most that were under way at once for one token. */
  mostInFlightPerToken: number;
  /** Said to be committed by a worker, by connection. */
  acknowledged: ReadonlyMap<string, number>;
  /** In the database, by connection. */
  stored: ReadonlyMap<string, number>;
  /** Acknowledged, and not in the database. */
  lost: string[];
};

/** How many refreshes the workers have said to be committed. */
export function countRefreshes(fleet: Fleet): number {
  return refreshedLines(fleet).length;
}

/** Waits until this many refreshes were said to be committed, or a process ended. */
export async function awaitRefreshes(fleet: Fleet, count: number): Promise<void> {
  while (countRefreshes(fleet) < count && fleet.exits.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Compares what was granted, acknowledged and stored so far. */
export async function refreshesOf(fleet: Fleet, databaseUrl: string): Promise<RefreshReport> {
  const { sim } = fleet.world;
  const calls = sim.ledger().filter(({ endpoint }) => endpoint === "refresh");
  const granted = calls.filter(({ outcome, delivery }) => outcome === "accepted" && delivery === "complete");
  const acknowledged = countByConnection(refreshedLines(fleet));
  const rows = await runOn<{ connection_id: string; count: string }>(
    databaseUrl,
    `SELECT connection_id, count(*) AS count FROM refresh_attempts
     WHERE kind = 'refresh' AND outcome = 'succeeded' GROUP BY connection_id`,
  );
  const stored = new Map(rows.map((row) => [row.connection_id, Number(row.count)]));
  return {
    granted: granted.length,
    notGranted: calls.length - granted.length,
    mostInFlightPerToken: sim.concurrency().max,
    acknowledged,
    stored,
    lost: [...acknowledged].filter(([id, count]) => (stored.get(id) ?? 0) < count).map(([id]) => id),
  };
}

function refreshedLines({ workers }: Fleet): string[] {
  return workers.flatMap(({ lines }) =>
    lines.filter((line) => line.includes('"event":"connection.refreshed"')),
  );
}

function countByConnection(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const { connectionId } = JSON.parse(line) as { connectionId: string };
    counts.set(connectionId, (counts.get(connectionId) ?? 0) + 1);
  }
  return counts;
}
