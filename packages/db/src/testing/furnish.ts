import type { GuardState, Movable } from "../move/movable.ts";
import { openMovable } from "../move/open-movable.ts";
import { MOVED_TABLE_NAMES, type MovedRow } from "../move/rows.ts";
import { addPerson } from "./furnish-people.ts";
import type { Furniture, Rows } from "./furniture.ts";

const ROWS_AT_ONCE = 500;

/** Fills an empty database with people, connections of every state, sessions and history, the same for every engine. */
export async function furnish(databaseUrl: string, furniture: Furniture): Promise<void> {
  await using end = await openMovable(databaseUrl, { baseDirectory: process.cwd(), mayCreate: true });
  await furnishMovable(end, furniture);
}

/** The same for a database that is open already. */
export async function furnishMovable(end: Movable, furniture: Furniture): Promise<void> {
  const house = await end.findHouse();
  const receiving: GuardState = { guard: "receiving", moveId: "furnish", counterpartId: null };
  const { guard, moveId, counterpartId } = house;
  await end.changeGuard({ from: house, to: receiving });
  for (let start = 0; start < furniture.connections; start += ROWS_AT_ONCE) {
    const rows = rowsOf(furniture, start, Math.min(start + ROWS_AT_ONCE, furniture.connections));
    for (const table of MOVED_TABLE_NAMES) {
      const upserts = rows[table] as MovedRow[];
      if (upserts.length > 0) await end.receive("furnish", { table, upserts, deletes: [] });
    }
  }
  const checks = furniture.keyChecks ?? [{ keyId: "k1", sealed: "v1.k1.check" }];
  const upserts = checks.map((check) => ({ ...check, retiredAt: null }));
  await end.receive("furnish", { table: "keyChecks", upserts, deletes: [] });
  await end.changeGuard({ from: receiving, to: { guard, moveId, counterpartId } });
}

function rowsOf(furniture: Furniture, start: number, end: number): Rows {
  const rows: Rows = {
    users: [],
    identities: [],
    connections: [],
    sessions: [],
    signInAttempts: [],
    refreshAttempts: [],
    alerts: [],
    alertDeliveries: [],
    appBreakers: [],
    apiKeys: [],
    sinks: [],
    sinkDeliveries: [],
    sinkFarewells: [],
    metaCallbacks: [],
    erasures: [],
    auditEvents: [],
    keyChecks: [],
  };
  for (let number = start; number < end; number += 1) addPerson(rows, furniture, number);
  return rows;
}
