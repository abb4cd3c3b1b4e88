import { timingSafeEqual } from "node:crypto";

/** Compares two hashes in constant time; lengths may differ. */
export function isSameHash(stored: string, presented: string): boolean {
  const [left, right] = [Buffer.from(stored), Buffer.from(presented)];
  return left.length === right.length && timingSafeEqual(left, right); // which throws on unequal lengths
}
