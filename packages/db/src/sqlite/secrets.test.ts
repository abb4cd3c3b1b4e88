import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { callbackOf, completion, connect, minutes, newAttempt } from "../contract/fixtures.ts";
import { StoreError } from "../store-error.ts";
import { openDatabase } from "./connection.ts";
import { openSqliteStore } from "./open.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";

function newSecret() {
  const value = randomBytes(32);
  const hash = createHash("sha256").update(value.toString("base64url")).digest("base64url");
  return {
    value: value.toString("base64url"),
    hash,
    spellings: ["base64url", "base64", "hex"] as const,
    bytes: value,
  };
}

describe("secrets", () => {
  it("SE-01 keeps hashes only: no file of the database holds an id, state or code that can be used", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file });
    const [state, browser, code, session] = [newSecret(), newSecret(), newSecret(), newSecret()];
    const hashes = { stateHash: state.hash, browserHash: browser.hash };
    await store.createSignInAttempt(newAttempt("a", hashes));
    await store.claimSignInAttempt({ ...callbackOf("a"), ...hashes, codeHash: code.hash });
    const input = completion("a", "1");
    await store.completeSignIn({ ...input, session: { ...input.session, idHash: session.hash } });

    const files = readdirSync(directory.path).map((name) => readFileSync(join(directory.path, name)));
    const isStored = (text: string | Buffer) => files.some((file) => file.includes(text));
    for (const secret of [state, browser, code, session]) {
      expect(isStored(secret.hash)).toBe(true); // the search does find what is there
      expect(isStored(secret.bytes)).toBe(false);
      for (const spelling of secret.spellings) expect(isStored(secret.bytes.toString(spelling))).toBe(false);
    }
    expect(await store.findSession(session.hash, minutes(2))).not.toBeNull();
    expect(await store.findSession(session.value, minutes(2))).toBeNull();
  });

  it("have no column of their own but for hashes and sealed texts", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file });
    await store.checkWritable();
    const sqlite = await openDatabase(directory.file, 100);
    const columns = sqlite
      .prepare(`SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                WHERE t.type = 'table' ORDER BY 1`)
      .pluck()
      .all() as string[];
    sqlite.close();
    const suspicious = columns.filter((name) =>
      /state|code|secret|token|hash|cookie|verifier|nonce/.test(name),
    );
    expect(suspicious).toEqual([
      "__drizzle_migrations.hash",
      "alert_deliveries.error_code",
      "alerts.delivery_state",
      "alerts.error_code",
      "alerts.token_expires_at",
      "api_keys.secret_hash",
      "app_breakers.error_code",
      "connections.last_error_code",
      "connections.previous_sealed_token",
      "connections.previous_token_expires_at",
      "connections.previous_token_issued_at",
      "connections.sealed_token",
      "connections.token_expires_at",
      "connections.token_issued_at",
      "meta_callbacks.confirmation_code", // opens a page that says less than its row
      "refresh_attempts.error_code",
      "refresh_attempts.token_expires_at",
      "runs.error_code",
      "sessions.id_hash",
      "sign_in_attempts.browser_hash",
      "sign_in_attempts.code_hash",
      "sign_in_attempts.error_code",
      "sign_in_attempts.state_hash",
      "sink_deliveries.error_code",
      "sink_deliveries.token_issued_at",
      "sinks.delivered_token_issued_at",
      "sinks.last_error_code",
    ]);
  });

  it("and statements stay out of every error", async () => {
    using directory = temporaryDirectory();
    await using store = await openSqliteStore({ file: directory.file, busyTimeoutMs: 20 });
    await connect(store, "1");
    const sqlite = await openDatabase(directory.file, 100);
    const attempt = newAttempt("canary-id", { stateHash: "canary-state" });
    const failures: unknown[] = [];
    const noteFailure = (error: unknown) => void failures.push(error);

    sqlite.exec("BEGIN IMMEDIATE");
    await store.createSignInAttempt(attempt).catch(noteFailure);
    sqlite.exec("ROLLBACK");
    await store.createSignInAttempt(attempt);
    await store.createSignInAttempt(attempt).catch(noteFailure);
    sqlite.exec("ALTER TABLE sign_in_attempts RENAME TO gone");
    await store.createSignInAttempt(attempt).catch(noteFailure);
    sqlite.close();

    expect(failures).toMatchObject([{ code: "busy" }, { name: "RangeError" }, { code: "unavailable" }]);
    for (const failure of failures) {
      const text = failure instanceof Error ? `${failure.message} ${String(failure.cause)}` : String(failure);
      expect(text).not.toMatch(/canary|insert|values|select/i);
    }
    expect(failures[0]).toBeInstanceOf(StoreError);
  });
});
