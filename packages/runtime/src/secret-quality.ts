const PLACEHOLDERS =
  /^(?:undefined|null|none|todo|test|secret|password)$|change.?me|placeholder|your[-_ ]|example|replace|<.*>|x{6,}|\.\.\./i;

/** Why a secret cannot be used, without showing it; null when it can. */
export function weaknessOf(secret: string, minimumLength: number): string | null {
  if (secret !== secret.trim() || /^["'].*["']$/.test(secret)) return "has quotes or blanks around it";
  if (PLACEHOLDERS.test(secret)) return "is a placeholder, not a secret";
  if (secret.length < minimumLength) return `is shorter than ${minimumLength} characters`;
  if (new Set(secret).size < 10) return "repeats a few characters";
  return null;
}

/** Why bytes cannot be a key; null when they can. */
export function weaknessOfKey(key: Uint8Array): string | null {
  if (key.length !== 32) return "is not 32 bytes in base64";
  if (new Set(key).size < 12) return "repeats a few bytes, so it was not drawn at random";
  if (/^[\x20-\x7e]+$/.test(Buffer.from(key).toString("latin1")))
    return "is readable text, so it was not drawn at random";
  return null;
}
