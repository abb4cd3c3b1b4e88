import { instant } from "./column-types.ts";
import { index, integer, sqliteTable, text } from "./drizzle.ts";

/** A sealed known text per key id. Of a key that was retired it stays: nobody seals with it again. */
export const keyChecks = sqliteTable("key_checks", {
  keyId: text("key_id").primaryKey(),
  sealed: text("sealed").notNull(),
  retiredAt: instant("retired_at"),
});

/** How much of a limit is used up; rows live as long as their window. */
export const rateLimits = sqliteTable(
  "rate_limits",
  {
    name: text("name").primaryKey(),
    used: integer("used").notNull(),
    windowEndsAt: instant("window_ends_at").notNull(),
  },
  (table) => [index("rate_limits_end").on(table.windowEndsAt)],
);

/** Servers that use this database, by their last beat. */
export const processes = sqliteTable("processes", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["api", "worker"] }).notNull(),
  startedAt: instant("started_at").notNull(),
  sweptAt: instant("swept_at"),
  /** The keys it has for tokens, the sealing one first; null of a version that does not say. */
  keyIds: text("key_ids", { mode: "json" }).$type<string[]>(),
  seenAt: instant("seen_at").notNull(),
});

/** Sweeps that were asked for over HTTP; rows live for a week. */
export const runs = sqliteTable(
  "runs",
  {
    id: text("id").primaryKey(),
    processId: text("process_id").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
    counts: text("counts", { mode: "json" }).$type<Record<string, number>>(),
    errorCode: text("error_code"),
  },
  (table) => [index("runs_age").on(table.startedAt)],
);

/** One row, made by the first move: which database this is, and whether a move keeps writers out of it. */
export const house = sqliteTable("house", {
  id: text("id").primaryKey(),
  guard: text("guard", { enum: ["open", "draining", "sealed", "moved", "receiving"] }).notNull(),
  moveId: text("move_id"),
  counterpartId: text("counterpart_id"),
  changedAt: instant("changed_at").notNull(),
});
