/** A sealed known text per key id, so that a wrong key is noticed before it seals anything. */
export type KeyCheck = {
  keyId: string;
  sealed: string;
  /** Since when nobody may seal with it, and nobody has to have it; null while it is in use. */
  retiredAt: Date | null;
};

/** A setting of the database that decides whether what was committed survives a power cut. */
export type DurabilitySetting = { name: string; value: string; isDurable: boolean };

/** What a store does for itself: pruning, key checks, its own health. */
export type UpkeepStore = {
  /**
   * Deletes expired sessions, attempts older than a day, runs older than a week, alerts older than 90 days that do
   * not wait to be sent, receipts of that age, keys revoked longer ago than that, windows that are over, and callbacks
   * and events of the audit older than 400 days; returns how many rows went.
   */
  prune(wallNow: Date): Promise<number>;
  /** The check values stored so far. */
  listKeyChecks(): Promise<KeyCheck[]>;
  /** Stores a check value for a key id that has none yet. */
  addKeyCheck(check: Pick<KeyCheck, "keyId" | "sealed">): Promise<void>;
  /** Proves that the database can be written. */
  checkWritable(): Promise<void>;
  /**
   * Proves that every migration of this version is applied; ones of a newer version may be there as well.
   *
   * @throws {StoreError} `unavailable` when one is missing: an older database was put in the place of this one.
   */
  checkMigrated(): Promise<void>;
  /** What a commit of tokens goes by, as the database itself says in the middle of one. */
  readDurability(): Promise<DurabilitySetting[]>;
};
