import { hash, randomBytes } from "node:crypto";

const POOL_BYTES = 4_096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** Drawn from the system in bulk: a draw costs more than all else about an id. No byte is used twice. */
function nextRandomBytes(count: number): Buffer {
  if (used + count > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

/** An unguessable text of that many random bytes, in base64url. */
export function randomText(bytes: number): string {
  return nextRandomBytes(bytes).toString("base64url");
}

/** A fresh id: what it names, then 128 random bits. */
export function newId(kind: "usr" | "con" | "att"): string {
  return `${kind}_${randomText(16)}`;
}

/** SHA-256 in base64url: how secrets that only have to be recognised are stored. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret, "base64url");
}
