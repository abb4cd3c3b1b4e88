import { createHash, randomBytes } from "node:crypto";

/** An unguessable text of that many random bytes, in base64url. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

/** A fresh id: what it names, then 128 random bits. */
export function newId(kind: "usr" | "con" | "att"): string {
  return `${kind}_${randomText(16)}`;
}

/** SHA-256 in base64url: how secrets that only have to be recognised are stored. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
