import { crc32 } from "node:zlib";

import { nextRandomBytes } from "../ids.ts";

const PREFIX = "pnl_";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 32 characters out of 62 are 190 bits. */
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const HINT_LENGTH = 4;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);
/** The largest multiple of 62 that a byte holds: beyond it, characters would not be equally likely. */
const FAIR_BYTES = 248;

/** A fresh secret: `pnl_`, 190 random bits, and a checksum over both, by which scanners of sources know it. */
export function createKeySecret(): string {
  let random = "";
  while (random.length < RANDOM_LENGTH) {
    for (const byte of nextRandomBytes(RANDOM_LENGTH)) {
      if (byte < FAIR_BYTES && random.length < RANDOM_LENGTH) random += ALPHABET[byte % ALPHABET.length];
    }
  }
  const body = PREFIX + random;
  return body + checksumOf(body);
}

/** Whether a text can be a secret: a typo or a cut end is told without a look at the database. */
export function isKeySecret(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  return checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** The end of a secret, by which a person knows it again. It tells of the checksum only: 166 bits stay unknown. */
export function hintOf(secret: string): string {
  return secret.slice(-HINT_LENGTH);
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let checksum = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    checksum = `${ALPHABET[rest % ALPHABET.length]}${checksum}`;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return checksum;
}
