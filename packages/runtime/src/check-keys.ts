import type { TokenSeal } from "@perennial/connections";
import type { KeyCheck, RunningProcess, Store } from "@perennial/db";

import { ConfigError } from "./config.ts";

/**
 * Compares the key ring with the one this database was used with, and with those of the servers that use it now. A
 * key that changed under its id, one that is missing, or one that a server could not open what it seals would make
 * stored tokens unreadable, so the start is refused and nothing is written.
 *
 * @throws {ConfigError}
 */
export async function checkTokenKeys(store: Store, seal: TokenSeal): Promise<void> {
  refuseUnknownToOthers(await store.listRunningProcesses(), seal);
  await noteTokenKeys(store, seal);
}

/**
 * The same without a look at the servers, for who seals nothing.
 *
 * @throws {ConfigError}
 */
export async function noteTokenKeys(store: Store, seal: TokenSeal): Promise<void> {
  const checks = await store.listKeyChecks();
  refuseOtherKeys(checks, seal);
  const stored = new Set(checks.map(({ keyId }) => keyId));
  for (const keyId of seal.keyIds) {
    if (!stored.has(keyId)) await store.addKeyCheck({ keyId, sealed: seal.checkValue(keyId) });
  }
}

/** @throws {ConfigError} naming each key of the database that the ring lacks, holds another one for, or may not use */
export function refuseOtherKeys(checks: readonly KeyCheck[], seal: TokenSeal): void {
  const problems = checks.map((check) => problemWith(check, seal)).filter((problem) => problem !== null);
  if (problems.length > 0) throw new ConfigError(problems);
}

function problemWith({ keyId, sealed, retiredAt }: KeyCheck, seal: TokenSeal): string | null {
  if (!seal.keyIds.includes(keyId)) {
    if (retiredAt !== null) return null;
    return `TOKEN_KEYS lacks key "${keyId}", which sealed tokens in this database; add it at the end`;
  }
  if (!seal.matchesCheckValue(keyId, sealed)) {
    return `TOKEN_KEYS holds another key under the id "${keyId}" than the one this database was used with`;
  }
  if (retiredAt === null || seal.keyIds[0] !== keyId) return null;
  return `TOKEN_KEYS seals with key "${keyId}", which was retired in this database; put another key first`;
}

/** What one process seals has to be opened by all. */
function refuseUnknownToOthers(running: readonly RunningProcess[], seal: TokenSeal): void {
  const [sealing = ""] = seal.keyIds;
  const others = running.filter(({ keyIds }) => keyIds !== null && !keyIds.includes(sealing)).length;
  if (others === 0) return;
  const count = others === 1 ? "1 server that runs does" : `${others} servers that run do`;
  throw new ConfigError([
    `TOKEN_KEYS seals with key "${sealing}", which ${count} not have. Put it second in TOKEN_KEYS everywhere and ` +
      "restart the servers; then put it first (a server counts as running for 30 seconds after it was killed)",
  ]);
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
