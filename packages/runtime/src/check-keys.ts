import type { TokenSeal } from "@perennial/connections";
import type { KeyCheck, Store } from "@perennial/db";

import { ConfigError } from "./config.ts";

/**
 * Compares the key ring with the one this database was used with. A key that changed under its id, or one
 * that is missing, would make stored tokens unreadable, so the start is refused and nothing is written.
 *
 * @throws {ConfigError}
 */
export async function checkTokenKeys(store: Store, seal: TokenSeal): Promise<void> {
  const checks = await store.listKeyChecks();
  refuseOtherKeys(checks, seal);
  const stored = new Set(checks.map(({ keyId }) => keyId));
  for (const keyId of seal.keyIds) {
    if (!stored.has(keyId)) await store.addKeyCheck({ keyId, sealed: seal.checkValue(keyId) });
  }
}

/** @throws {ConfigError} naming each key of the database that the ring lacks or holds another one for */
export function refuseOtherKeys(checks: readonly KeyCheck[], seal: TokenSeal): void {
  const problems: string[] = [];
  for (const { keyId, sealed } of checks) {
    if (!seal.keyIds.includes(keyId)) {
      problems.push(
        `TOKEN_KEYS lacks key "${keyId}", which sealed tokens in this database; add it at the end`,
      );
    } else if (!seal.matchesCheckValue(keyId, sealed)) {
      problems.push(
        `TOKEN_KEYS holds another key under the id "${keyId}" than the one this database was used with`,
      );
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * Compares them once more while the process runs. Keys the database knows beside ours are a newer process's;
 * one of ours that it does not know, or knows otherwise, means that another database is in its place.
 *
 * @throws {ConfigError}
 */
export async function checkTokenKeysStillFit(store: Store, seal: TokenSeal): Promise<void> {
  const stored = new Map((await store.listKeyChecks()).map((check) => [check.keyId, check.sealed]));
  const [sealing] = seal.keyIds;
  const isOther = (keyId: string): boolean => {
    const sealed = stored.get(keyId);
    return sealed === undefined ? keyId === sealing : !seal.matchesCheckValue(keyId, sealed);
  };
  const problems = seal.keyIds
    .filter(isOther)
    .map((keyId) => `TOKEN_KEYS holds a key "${keyId}" that this database was not used with`);
  if (problems.length > 0) throw new ConfigError(problems);
}
