import {
  KeyRotationError,
  auditEvent,
  createTokenSeal,
  dropKey,
  isTokenKeyId,
  refuseUnlessEverywhere,
  rewrapTokens,
  rotationStatus,
  type AuditAbout,
  type AuditKind,
  type RewrapReport,
  type RotationStatus,
  type TokenKey,
} from "@perennial/connections";
import { openStore } from "@perennial/db";
import { randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";

import { noteTokenKeys } from "./check-keys.ts";
import type { Config } from "./config.ts";
import { replaceDevelopmentKeys } from "./development-secrets.ts";
import type { Environment } from "./environment.ts";

const KEY_BYTES = 32;

/**
 * A key ring after a change. `saved`: it was written where development keeps its secrets. `to_set`: whoever runs
 * this has to set TOKEN_KEYS to it. The text holds the keys: it is for a file or an eye that asked for it.
 */
export type ChangedRing = { keyId: string; keyIds: string[] } & (
  | { kind: "saved" }
  | { kind: "to_set"; text: string }
);

/** The exchange of one key for another, step by step, while everything runs. */
export type KeyRotation = AsyncDisposable & {
  /** Where the ring comes from: `environment` is TOKEN_KEYS, `development` the file that development keeps. */
  readonly ringFrom: "environment" | "development";
  /** Where it is, and what comes next. */
  status(): Promise<RotationStatus>;
  /** A ring with a new key in the second place. @throws {KeyRotationError} `key_id_unusable` */
  add(keyId: string | null): Promise<ChangedRing>;
  /** The ring with this key first. @throws {KeyRotationError} while a server that runs could not open what it seals */
  promote(keyId: string): Promise<ChangedRing>;
  /** Seals what older keys hold with the first one. @throws {KeyRotationError} `key_not_everywhere` */
  rewrap(onProgress: (rewrapped: number) => void): Promise<RewrapReport>;
  /** Retires a key. Development forgets it at once. @throws {KeyRotationError} while it is needed or used */
  drop(keyId: string): Promise<ChangedRing>;
};

/**
 * Opens the database of a configuration for a rotation of its keys.
 *
 * @throws {ConfigError} when the key ring does not fit the database.
 * @throws {StoreError} as `openStore`.
 */
export async function openKeyRotation(environment: Environment, config: Config): Promise<KeyRotation> {
  const seal = createTokenSeal(config.tokenKeys);
  const ringFrom = (environment["TOKEN_KEYS"] ?? "") === "" ? "development" : "environment";
  const store = await openStore(config.databaseUrl);
  try {
    await noteTokenKeys(store, seal);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  const deps = { store, seal, wallNow: () => new Date() };

  const record = (kind: AuditKind, about: Omit<AuditAbout, "userId">): Promise<void> =>
    store.appendAuditEvents([auditEvent(deps, kind, { userId: null, ...about })]);

  const changed = (keyId: string, ring: readonly TokenKey[]): ChangedRing => {
    const told = { keyId, keyIds: ring.map(({ id }) => id) };
    const text = ring.map(({ id, key }) => `${id}:${Buffer.from(key).toString("base64")}`).join(",");
    if (ringFrom === "environment") return { kind: "to_set", text, ...told };
    replaceDevelopmentKeys(config.dataFolder, text);
    return { kind: "saved", ...told };
  };

  return {
    ringFrom,
    status: () => rotationStatus(deps),
    add: async (wanted) => {
      const taken = [...seal.keyIds, ...(await store.listKeyChecks()).map(({ keyId }) => keyId)];
      const keyId = wanted ?? freeKeyId(taken);
      if (taken.includes(keyId) || !isTokenKeyId(keyId)) {
        throw new KeyRotationError(
          "key_id_unusable",
          "The id of a key is up to 32 letters, digits, _ or -, and none that is or was in use here.",
        );
      }
      const [sealing, ...others] = config.tokenKeys;
      const added = { id: keyId, key: randomBytes(KEY_BYTES) };
      const ring = [...(sealing === undefined ? [] : [sealing]), added, ...others];
      const made = changed(keyId, ring);
      await record("sealing_key.added", { subjectId: keyId });
      return made;
    },
    promote: async (keyId) => {
      await refuseUnlessEverywhere(deps, keyId);
      const check = (await store.listKeyChecks()).find((each) => each.keyId === keyId);
      if (check !== undefined && check.retiredAt !== null) {
        throw new KeyRotationError("key_unknown", `Key "${keyId}" was retired: it cannot seal again.`);
      }
      const isIt = ({ id }: TokenKey): boolean => id === keyId;
      const ring = [...config.tokenKeys.filter(isIt), ...config.tokenKeys.filter((key) => !isIt(key))];
      const promoted = changed(keyId, ring);
      await record("sealing_key.promoted", { subjectId: keyId });
      return promoted;
    },
    rewrap: async (onProgress) => {
      const report = await rewrapTokens(deps, { onProgress });
      const { rewrapped, missed, unreadable } = report;
      const detail = { rewrapped, missed, unreadable: unreadable.length };
      await record("sealing_key.rewrapped", { subjectId: seal.keyIds[0] ?? null, detail });
      return report;
    },
    drop: async (keyId) => {
      await dropKey(deps, keyId);
      await record("sealing_key.retired", { subjectId: keyId });
      return changed(
        keyId,
        config.tokenKeys.filter(({ id }) => id !== keyId),
      );
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** `k1`, `k2`, …: the first that nobody has or had. */
function freeKeyId(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) if (!taken.includes(`k${number}`)) return `k${number}`;
}

/** Writes secrets into a file that must not be there yet, for its owner only. @throws when it is there */
export function writeSecretFile(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600); // whatever the umask says
}
