import { customType, timestamp } from "./drizzle.ts";

/**
 * A text that compares by its bytes, as in SQLite, whatever the database was created with: both engines page
 * alike, and an update of the system's collations breaks no index. Postgres holds no NUL; it becomes U+FFFD.
 */
export const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
  toDriver: (value) => value.replaceAll("\u0000", "\uFFFD"),
});

/** An instant, in whole milliseconds as a Date has them. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
