/** A limit that every engine reads alike: SQLite takes a negative one as none at all. @throws {RangeError} */
export function checked(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError("A limit is a whole number from 0 on.");
  return limit;
}
