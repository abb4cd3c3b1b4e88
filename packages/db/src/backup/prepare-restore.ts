import type Database from "better-sqlite3";

/** What was forgotten, and what could not be found. */
export type Forgotten = { forgotten: number; unknown: string[] };

/**
 * Nothing a backup says of a token is taken for granted: it may have been renewed since, or ended. Each connection is
 * due at once, the soonest to expire first, as if a call had been sent for it whose outcome nobody knows: whoever
 * takes it up proves the token before it is renewed, and so does a hand-out that comes before.
 */
const DISTRUST_TOKENS = `UPDATE connections SET
  lease_owner = NULL, lease_until = NULL, proved_at = NULL, attempt_sent_at = updated_at,
  next_refresh_at = min(coalesce(next_refresh_at, updated_at), coalesce(token_expires_at - 90 * 86400000, updated_at))
  WHERE status = 'active'`;
/** Who was signed in, or about to be, signs in anew; what a process was about to do is nobody's. */
const LET_GO = [
  "DELETE FROM sessions",
  "DELETE FROM sign_in_attempts",
  "UPDATE connections SET lease_owner = NULL, lease_until = NULL",
  "UPDATE sinks SET lease_owner = NULL, lease_until = NULL",
];

const FORGET: Readonly<Record<string, string>> = {
  usr: "DELETE FROM users WHERE id = ?",
  con: `UPDATE connections SET status = 'disconnected', status_reason = NULL, sealed_token = NULL, token_issued_at = NULL,
    token_expires_at = NULL, previous_sealed_token = NULL, previous_token_issued_at = NULL,
    previous_token_expires_at = NULL, next_refresh_at = NULL, attempt_sent_at = NULL, incident_id = NULL,
    version = version + 1 WHERE id = ?`,
  key: "UPDATE api_keys SET revoked_at = coalesce(revoked_at, created_at) WHERE id = ?",
  snk: "DELETE FROM sinks WHERE id = ?",
};

/** Makes the working copy of a backup fit to be lived in. */
export function prepareRestore(sqlite: Database.Database, forget: readonly string[]): Forgotten {
  const result: Forgotten = { forgotten: 0, unknown: [] };
  sqlite.transaction(() => {
    for (const statement of [...LET_GO, DISTRUST_TOKENS]) sqlite.exec(statement);
    for (const id of forget) {
      const statement = FORGET[id.slice(0, 3)];
      const isFound = statement !== undefined && sqlite.prepare(statement).run(id).changes > 0;
      if (isFound) result.forgotten += 1;
      else result.unknown.push(id);
    }
  })();
  return result;
}

/** The same for one row that comes from elsewhere. */
export function distrustToken(sqlite: Database.Database, connectionId: string): void {
  sqlite.prepare(`${DISTRUST_TOKENS} AND id = ?`).run(connectionId);
}
