import { StoreError } from "../store-error.ts";

/** Whether damage was found in a file while it is open: known to all threads that use it. */
export type Damage = Uint8Array<SharedArrayBuffer>;

/** None was found yet. */
export function noDamage(): Damage {
  return new Uint8Array(new SharedArrayBuffer(1));
}

/** Passes an error on; one that speaks of damage is remembered. */
export function noteDamage(damage: Damage, error: unknown): unknown {
  if (error instanceof StoreError && error.code === "corrupt") Atomics.store(damage, 0, 1);
  return error;
}

/**
 * What is written to a damaged file may destroy what can still be read from it.
 *
 * @throws {StoreError} `corrupt` once damage was found.
 */
export function refuseWritesIfDamaged(damage: Damage): void {
  if (Atomics.load(damage, 0) === 0) return;
  throw new StoreError("corrupt", "The database file is damaged; nothing is written to it any more.");
}
