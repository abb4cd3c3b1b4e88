import type * as schema from "../sqlite/schema.ts";

/** The rows of every table that moves, in the one form that both engines read and write. */
export type MovedRows = {
  users: typeof schema.users.$inferSelect;
  identities: typeof schema.identities.$inferSelect;
  /** Without its lease: whoever held one holds nothing in the new house. */
  connections: Omit<typeof schema.connections.$inferSelect, "leaseOwner" | "leaseUntil">;
  sessions: typeof schema.sessions.$inferSelect;
  signInAttempts: typeof schema.signInAttempts.$inferSelect;
  refreshAttempts: typeof schema.refreshAttempts.$inferSelect;
  alerts: typeof schema.alerts.$inferSelect;
  alertDeliveries: typeof schema.alertDeliveries.$inferSelect;
  appBreakers: typeof schema.appBreakers.$inferSelect;
  apiKeys: typeof schema.apiKeys.$inferSelect;
  /** Without its lease, as a connection. */
  sinks: Omit<typeof schema.sinks.$inferSelect, "leaseOwner" | "leaseUntil">;
  sinkDeliveries: typeof schema.sinkDeliveries.$inferSelect;
  sinkFarewells: typeof schema.sinkFarewells.$inferSelect;
  metaCallbacks: typeof schema.metaCallbacks.$inferSelect;
  erasures: typeof schema.erasures.$inferSelect;
  auditEvents: typeof schema.auditEvents.$inferSelect;
  keyChecks: typeof schema.keyChecks.$inferSelect;
};

/** A table that moves. */
export type MovedTable = keyof MovedRows;

/** What a column can hold. */
export type MovedValue = string | number | boolean | Date | readonly string[] | null;

/** A row of any table. */
export type MovedRow = Readonly<Record<string, MovedValue>>;

/** The values of the key columns of a row, in their order. */
export type MovedKey = readonly string[];

type TableFacts<Row> = {
  /** Rows are walked in the order of these. */
  key: readonly (keyof Row & string)[];
  /** Unique beside the key. */
  unique?: keyof Row & string;
  /** Rows are only ever added: those that the target has beside those of the source stay. */
  isAppendOnly?: true;
};

/** Tables in an order in which each row's owner comes before it. */
export const MOVED_TABLES: { readonly [Table in MovedTable]: TableFacts<MovedRows[Table]> } = {
  users: { key: ["id"] },
  identities: { key: ["providerUserId", "flavour"] },
  connections: { key: ["id"], unique: "accountId" },
  sessions: { key: ["idHash"] },
  signInAttempts: { key: ["id"] },
  refreshAttempts: { key: ["id"] },
  alerts: { key: ["id"] },
  alertDeliveries: { key: ["id"] },
  appBreakers: { key: ["flavour", "appId"] },
  apiKeys: { key: ["id"], unique: "secretHash" },
  sinks: { key: ["id"] },
  sinkDeliveries: { key: ["id"] },
  sinkFarewells: { key: ["id"] },
  metaCallbacks: { key: ["id"], unique: "confirmationCode" },
  erasures: { key: ["id"] },
  auditEvents: { key: ["id"], isAppendOnly: true },
  keyChecks: { key: ["keyId"] },
};

/** The names of the tables that move, owners first. */
export const MOVED_TABLE_NAMES = Object.keys(MOVED_TABLES) as MovedTable[];

/** Tables about a database itself, which stay where they are. */
export const STAYING_TABLES = ["processes", "runs", "rateLimits", "house"] as const;

/** Whether rows of a table are only ever added. */
export function isAppendOnly(table: MovedTable): boolean {
  return (MOVED_TABLES[table] as TableFacts<MovedRow>).isAppendOnly ?? false;
}

/** The key of a row. */
export function keyOf(table: MovedTable, row: MovedRow): MovedKey {
  return MOVED_TABLES[table].key.map((column) => String(row[column]));
}

/** The order of keys in both engines: by their bytes. Negative when the left one comes first. */
export function compareKeys(left: MovedKey, right: MovedKey): number {
  for (const [index, text] of left.entries()) {
    const other = right[index] ?? "";
    if (text !== other) return Buffer.compare(Buffer.from(text), Buffer.from(other));
  }
  return 0;
}

/** The names of the columns in which two rows differ. */
export function differingColumns(left: MovedRow, right: MovedRow): string[] {
  return Object.keys(left).filter((column) => !isSame(left[column], right[column]));
}

function isSame(left: MovedValue | undefined, right: MovedValue | undefined): boolean {
  if (left === right) return true;
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (!Array.isArray(left) || !Array.isArray(right)) return false;
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
