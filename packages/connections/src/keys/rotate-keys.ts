import type { Store } from "@perennial/db";

import type { TokenSeal } from "../token-seal.ts";
import { KeyRotationError } from "./errors.ts";
import { rewrapSealed, type RewrapReport } from "./rewrap-sealed.ts";

/** What the steps of a rotation stand on. */
export type KeyRotationDeps = {
  store: Pick<Store, "pageSealed" | "rewrapSealed" | "retireKey" | "listRunningProcesses">;
  seal: TokenSeal;
  wallNow: () => Date;
};

/**
 * Seals with the first key of the ring what older keys hold; see {@link rewrapSealed}.
 *
 * @throws {KeyRotationError} `key_not_everywhere` while a server that runs could not open what comes of it.
 */
export async function rewrapTokens(
  deps: KeyRotationDeps,
  options: { onProgress?: (rewrapped: number) => void } = {},
): Promise<RewrapReport> {
  await refuseUnlessEverywhere(deps, deps.seal.keyIds[0] ?? "");
  return await rewrapSealed(deps, options);
}

/** @throws {KeyRotationError} `key_unknown`, and `key_not_everywhere` while a server that runs does not have the key */
export async function refuseUnlessEverywhere(deps: KeyRotationDeps, keyId: string): Promise<void> {
  refuseUnknown(deps, keyId);
  const running = await deps.store.listRunningProcesses();
  const lacking = running.filter(({ keyIds }) => keyIds === null || !keyIds.includes(keyId)).length;
  if (lacking === 0) return;
  throw new KeyRotationError(
    "key_not_everywhere",
    `${serversThat(lacking, "runs without", "run without")} key "${keyId}" and could not open what it seals. Restart ` +
      "them with it in TOKEN_KEYS (a server counts as running for 30 seconds after it was killed).",
  );
}

/**
 * Retires a key: no process will start that seals with it, and none has to have it any more.
 *
 * @throws {KeyRotationError} `key_unknown`, `key_sealing`, `key_in_use`, or `key_needed` with how many texts need it.
 */
export async function dropKey(deps: KeyRotationDeps, keyId: string): Promise<void> {
  refuseUnknown(deps, keyId);
  if (deps.seal.keyIds[0] === keyId) {
    throw new KeyRotationError("key_sealing", `Key "${keyId}" is the one that seals: put another one first.`);
  }
  const running = await deps.store.listRunningProcesses();
  const sealing = running.filter(({ keyIds }) => keyIds === null || keyIds[0] === keyId).length;
  if (sealing > 0) {
    throw new KeyRotationError(
      "key_in_use",
      `${serversThat(sealing, "seals", "seal")} with key "${keyId}" still, as far as can be told. Restart them with ` +
        `key "${deps.seal.keyIds[0] ?? ""}" first in TOKEN_KEYS.`,
    );
  }
  const rows = await deps.store.retireKey({ keyId, wallNow: deps.wallNow() });
  if (rows === 0) return;
  throw new KeyRotationError(
    "key_needed",
    `${rows} sealed ${rows === 1 ? "text needs" : "texts need"} key "${keyId}": rewrap first. One that does not open ` +
      "is let go by a reconnect or a disconnect of its connection.",
  );
}

function refuseUnknown({ seal }: KeyRotationDeps, keyId: string): void {
  if (seal.keyIds.includes(keyId)) return;
  throw new KeyRotationError("key_unknown", `TOKEN_KEYS holds no key "${keyId}".`);
}

function serversThat(count: number, one: string, many: string): string {
  return count === 1 ? `1 server ${one}` : `${count} servers ${many}`;
}
