import type Database from "better-sqlite3";

import type { OpensToken } from "../move/check-tokens.ts";
import type { Movable } from "../move/movable.ts";
import { keyOf, type MovedKey, type MovedRow, type MovedRows, type MovedTable } from "../move/rows.ts";
import { walkTogether } from "../move/walk-together.ts";
import { drizzle } from "../sqlite/drizzle.ts";
import { prepareMovedTable } from "../sqlite/moved-tables.ts";
import { applyErasures } from "./apply-erasures.ts";
import { distrustToken } from "./prepare-restore.ts";

/**
 * What the house knew better than the backup, and kept. `renewed`: tokens it holds newer ones of. `left`: connections
 * that their people have ended since. `dead`: tokens it had found dead. `revoked`: API keys. `erased`: people and
 * connections of the backup that were erased.
 */
export type Reconciled = { renewed: number; left: number; dead: number; revoked: number; erased: number };

type Connection = MovedRows["connections"];
type ApiKey = MovedRows["apiKeys"];

/**
 * Takes over from the house what it knows later than the working copy of a backup: a token that was refreshed since,
 * that a person has left or was erased, that an API key was revoked. Nobody comes alive again by a restore, where the house still
 * knows of it. Done again after a kill it comes to the same.
 */
export async function reconcile(input: {
  work: Movable;
  workFile: Database.Database;
  target: Movable;
  opensToken: OpensToken;
}): Promise<Reconciled> {
  const { work, workFile, target, opensToken } = input;
  const reconciled: Reconciled = { renewed: 0, left: 0, dead: 0, revoked: 0, erased: 0 };
  const owners = new Set<string>();
  const connections = prepareMovedTable(drizzle(workFile), "connections");
  const keys = prepareMovedTable(drizzle(workFile), "apiKeys");
  for await (const pairs of walkTogether(work, target, "connections")) {
    for (const pair of pairs) {
      if (pair.source === undefined || pair.target === undefined) continue;
      const [backedUp, known] = [pair.source as Connection, pair.target as Connection];
      const kept = whatIsKept(backedUp, known, opensToken);
      if (kept === null) continue;
      reconciled[kept] += 1;
      if (known.userId !== backedUp.userId) owners.add(known.userId);
      await takeOwners(input, owners);
      connections.upsert(pair.target);
      distrustToken(workFile, known.id);
    }
  }
  for await (const pairs of walkTogether(work, target, "apiKeys")) {
    for (const { source, target: known } of pairs) {
      const revokedAt = (known as ApiKey | undefined)?.revokedAt ?? null;
      if (source === undefined || revokedAt === null || (source as ApiKey).revokedAt !== null) continue;
      keys.upsert({ ...source, revokedAt });
      reconciled.revoked += 1;
    }
  }
  await takeOverRequests(input);
  await takeOverAll(input, "erasures");
  await takeOverAll(input, "sinkFarewells");
  reconciled.erased = applyErasures(workFile);
  return reconciled;
}

type Ends = { workFile: Database.Database; target: Movable };

/** What only grows, or has to be done yet, is in the house and not in the backup. */
async function takeOverAll({ workFile, target }: Ends, table: "erasures" | "sinkFarewells"): Promise<void> {
  const { upsert } = prepareMovedTable(drizzle(workFile), table);
  for await (const row of rowsOf(target, table)) upsert(row);
}

/** Of two requests about one person the later one counts, and of one how far it is. */
async function takeOverRequests({ work, workFile, target }: Ends & { work: Movable }): Promise<void> {
  const { upsert } = prepareMovedTable(drizzle(workFile), "metaCallbacks");
  for await (const pairs of walkTogether(work, target, "metaCallbacks")) {
    for (const { source, target: known } of pairs) {
      const backedUpAt = (source as MovedRows["metaCallbacks"] | undefined)?.issuedAt ?? null;
      if (known === undefined) continue;
      if (backedUpAt === null || (known as MovedRows["metaCallbacks"]).issuedAt >= backedUpAt) upsert(known);
    }
  }
}

/** Why the house's own row is the better one; null when the backup's is. */
function whatIsKept(
  backedUp: Connection,
  known: Connection,
  opensToken: OpensToken,
): Exclude<keyof Reconciled, "revoked" | "erased"> | null {
  if (known.updatedAt <= backedUp.updatedAt) return null;
  if (known.status === "disconnected") return "left";
  const belongsTo = { connectionId: known.id, flavour: known.flavour };
  if (known.sealedToken !== null && !opensToken(known.sealedToken, belongsTo)) return null;
  return known.status === "active" ? "renewed" : "dead";
}

/** An account that went to another person since stays theirs: the person comes along. */
async function takeOwners(
  { workFile, target }: { workFile: Database.Database; target: Movable },
  owners: Set<string>,
): Promise<void> {
  if (owners.size === 0) return;
  for (const table of ["users", "identities"] as const) {
    const statements = prepareMovedTable(drizzle(workFile), table);
    for await (const row of rowsOf(target, table)) {
      const owner = table === "users" ? row["id"] : row["userId"];
      if (typeof owner === "string" && owners.has(owner)) statements.upsert(row);
    }
  }
  owners.clear();
}

const PAGE_ROWS = 1_000;

async function* rowsOf(end: Movable, table: MovedTable): AsyncGenerator<MovedRow> {
  for (let after: MovedKey | null = null; ;) {
    const page = await end.readPage(table, after, PAGE_ROWS);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = keyOf(table, last);
  }
}
