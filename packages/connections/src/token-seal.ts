import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";

import { nextRandomBytes } from "./ids.ts";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16; // Node accepts shorter tags unless told the length
const KEY_BYTES = 32;
const FORMAT = "v1";

/** One key of the ring, 32 bytes long. */
export type TokenKey = { id: string; key: Uint8Array };

/** What a sealed token belongs to; it opens nowhere else. */
export type SealedFor = { connectionId: string; flavour: string };

/** What the sealed settings of a sink belong to. */
export type SealedForSink = { sinkId: string; connectionId?: undefined };

/** Why a sealed token does not open. */
export type TokenSealErrorCode = "key_unknown" | "damaged";

/** A sealed token cannot be opened. The stored text stays as it is. */
export class TokenSealError extends Error {
  override readonly name = "TokenSealError";
  readonly code: TokenSealErrorCode;

  constructor(code: TokenSealErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Seals tokens, and settings that hold secrets, for the database and opens them where they are needed. */
export type TokenSeal = {
  /** Seals with the first key of the ring. */
  seal(token: string, belongsTo: SealedFor | SealedForSink): string;
  /** @throws {TokenSealError} when the key is not in the ring, or anything about the text was changed. */
  open(sealed: string, belongsTo: SealedFor | SealedForSink): string;
  /** The ids of the ring, the sealing one first. */
  readonly keyIds: readonly string[];
  /**
   * The same for a text that is opened again and again: taken apart once, decrypted each time.
   *
   * @throws {TokenSealError} at once when the key is not in the ring or the text is none; otherwise when it is opened.
   */
  opener(sealed: string, belongsTo: SealedFor | SealedForSink): () => string;
  /** Seals a known text under one key, so that a later start can tell whether the key is still the same. */
  checkValue(keyId: string): string;
  /** Whether a stored check value was made with the key that has this id now. */
  matchesCheckValue(keyId: string, sealed: string): boolean;
};

/** Whether a text can be the id of a key. */
export function isTokenKeyId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,32}$/.test(text);
}

const CHECK_TEXT = "perennial key check";

/**
 * AES-256-GCM over a key ring. The sealed text is `v1.<key id>.<nonce>.<ciphertext and tag>`; the table,
 * column, row and flavour are additional data, so a text moved elsewhere does not open.
 *
 * @throws {RangeError} on an empty ring, a key that is not 32 bytes, or an id used twice or malformed.
 */
export function createTokenSeal(ring: readonly TokenKey[]): TokenSeal {
  const keys = new Map<string, KeyObject>();
  for (const { id, key } of ring) {
    if (!isTokenKeyId(id)) throw new RangeError("A token key id is malformed.");
    if (key.length !== KEY_BYTES) throw new RangeError(`Token key "${id}" is not ${KEY_BYTES} bytes long.`);
    if (keys.has(id)) throw new RangeError(`Token key id "${id}" is used twice.`);
    keys.set(id, createSecretKey(key));
  }
  const sealingId = ring[0]?.id;
  if (sealingId === undefined) throw new RangeError("The token key ring is empty.");

  return {
    keyIds: [...keys.keys()],
    seal: (token, belongsTo) => close(keys, sealingId, token, contextOf(belongsTo)),
    open: (sealed, belongsTo) => opener(keys, sealed, contextOf(belongsTo))(),
    opener: (sealed, belongsTo) => opener(keys, sealed, contextOf(belongsTo)),
    checkValue: (keyId) => close(keys, keyId, CHECK_TEXT, checkContext(keyId)),
    matchesCheckValue: (keyId, sealed) => {
      try {
        return opener(keys, sealed, checkContext(keyId))() === CHECK_TEXT;
      } catch (error) {
        if (error instanceof TokenSealError) return false;
        throw error;
      }
    },
  };
}

function contextOf(belongsTo: SealedFor | SealedForSink): Buffer {
  const place =
    belongsTo.connectionId === undefined
      ? ["sinks", "sealed_settings", belongsTo.sinkId]
      : ["connections", "sealed_token", belongsTo.connectionId, belongsTo.flavour];
  return Buffer.from(JSON.stringify(place));
}

function checkContext(keyId: string): Buffer {
  return Buffer.from(JSON.stringify(["key_checks", "sealed", keyId]));
}

function close(keys: Map<string, KeyObject>, keyId: string, text: string, context: Buffer): string {
  const key = keys.get(keyId);
  if (key === undefined) throw new TokenSealError("key_unknown", `Token key "${keyId}" is not in the ring.`);
  const nonce = nextRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${FORMAT}.${keyId}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
}

function opener(keys: Map<string, KeyObject>, text: string, context: Buffer): () => string {
  const [format, keyId, nonceText, sealedText, ...rest] = text.split(".");
  if (
    format !== FORMAT ||
    keyId === undefined ||
    nonceText === undefined ||
    sealedText === undefined ||
    rest.length > 0
  ) {
    throw new TokenSealError("damaged", "The sealed token is not in a known format.");
  }
  const key = keys.get(keyId); // by its id alone: no trial decryption
  if (key === undefined)
    throw new TokenSealError("key_unknown", "The sealed token names a key that is not in the ring.");
  const nonce = Buffer.from(nonceText, "base64url");
  const sealed = Buffer.from(sealedText, "base64url");
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) {
    throw new TokenSealError("damaged", "The sealed token is cut.");
  }
  const tag = sealed.subarray(-TAG_BYTES);
  const ciphertext = sealed.subarray(0, -TAG_BYTES);
  return () => {
    try {
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(context)
        .setAuthTag(tag);
      return decipher.update(ciphertext, undefined, "utf8") + decipher.final("utf8");
    } catch {
      // Node's own error says no more than this, and nothing of the cause may travel on.
      throw new TokenSealError("damaged", "The sealed token was changed, or belongs to another connection.");
    }
  };
}
