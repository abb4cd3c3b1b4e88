import type Database from "better-sqlite3";

/** Erased, or about to be: looked up among the tombstones. */
const IS_ERASED = "IN (SELECT id FROM erasures)";
/** Who somebody is at a login is known by the connections they have there, and by the account they are. */
const ERASE_IDENTITIES = `DELETE FROM identities WHERE EXISTS (
  SELECT 1 FROM connections AS gone WHERE gone.id ${IS_ERASED} AND gone.user_id = identities.user_id AND (
    (identities.flavour = 'instagram' AND identities.provider_user_id = gone.account_id)
    OR (identities.flavour = gone.flavour AND identities.app_scoped_id = gone.app_scoped_id AND NOT EXISTS (
      SELECT 1 FROM connections AS left WHERE left.user_id = identities.user_id AND left.flavour = identities.flavour
      AND left.app_scoped_id = identities.app_scoped_id AND left.id NOT ${IS_ERASED}))))`;
/** Nobody is left without an account, as in the house itself. */
const ERASE_USERS = `DELETE FROM users WHERE id ${IS_ERASED} OR (
  EXISTS (SELECT 1 FROM connections WHERE user_id = users.id)
  AND NOT EXISTS (SELECT 1 FROM connections WHERE user_id = users.id AND id NOT ${IS_ERASED}))`;
const ERASE_CONNECTIONS = `DELETE FROM connections WHERE id ${IS_ERASED}`;

/**
 * Takes out of a working copy whoever its tombstones name, with all that belongs to them. Returns how many people and
 * connections it took; done again it takes none.
 */
export function applyErasures(sqlite: Database.Database): number {
  const count = (table: string): number =>
    sqlite.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  const countBoth = (): number => count("users") + count("connections");
  return sqlite.transaction(() => {
    const before = countBoth();
    for (const statement of [ERASE_IDENTITIES, ERASE_USERS, ERASE_CONNECTIONS]) sqlite.exec(statement);
    return before - countBoth();
  })();
}

/** Names somebody who was erased elsewhere, or where nobody remembers. */
export function entomb(sqlite: Database.Database, ids: readonly string[], erasedAt: Date): void {
  const insert = sqlite.prepare(
    "INSERT INTO erasures (id, erased_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
  );
  sqlite.transaction(() => {
    for (const id of ids) insert.run(id, erasedAt.getTime());
  })();
}
