import { hash, randomBytes } from "node:crypto";

const POOL_BYTES = 4_096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** Random bytes, drawn from the system in bulk: a draw costs more than all else about an id. No byte is used twice. */
export function nextRandomBytes(count: number): Buffer {
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

/** Milliseconds since 1970 in eight characters that sort as time does, until 2059. */
function timeText(ms = Date.now()): string {
  return ms.toString(36).padStart(8, "0");
}

/**
 * A fresh id: what it names, when it was made, then 84 random bits. Ids that grow with time fall side by
 * side in the database's trees, so a sign-in changes few pages of them. They are names, not secrets.
 */
export function newId(kind: "usr" | "con" | "att" | "alt" | "dlv" | "run" | "snk" | "key" | "aud"): string {
  return `${kind}_${timeText()}${randomText(11).slice(0, 14)}`;
}

/** The id that follows from a time and a text, in every process: what is written under it twice is written once. */
export function followingId(kind: "aud", atMs: number, text: string): string {
  return `${kind}_${timeText(atMs)}${hashSecret(text).slice(0, 14)}`;
}

/** The public half of a sign-in attempt's `state`: when it was made, then 48 random bits. */
export function newAttemptId(): string {
  return `${timeText()}${randomText(6)}`;
}

/** SHA-256 in base64url: how secrets that only have to be recognised are stored. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret, "base64url");
}
