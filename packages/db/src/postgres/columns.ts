import { getTableColumns } from "../drizzle.ts";
import { without } from "../without.ts";
import { apiKeys, connections, refreshAttempts, signInAttempts, sinks } from "./schema.ts";

/** All of a connection but its lease. */
export const connectionRecordColumns = without(getTableColumns(connections), "leaseOwner", "leaseUntil");

/** What a list or page may show: a query for these brings no sealed token along. */
export const connectionSummaryColumns = without(
  connectionRecordColumns,
  "sealedToken",
  "previousSealedToken",
);

/** An attempt without the hashes of its secrets and what was sealed for it. */
export const signInAttemptColumns = without(
  getTableColumns(signInAttempts),
  "stateHash",
  "browserHash",
  "codeHash",
  "sealedChoice",
);

/** One row of history. */
export const refreshAttemptColumns = without(getTableColumns(refreshAttempts), "connectionId");

/** A key without the hash of its secret. */
export const apiKeyColumns = without(getTableColumns(apiKeys), "secretHash");

/** All of a sink but its lease. */
export const sinkColumns = without(getTableColumns(sinks), "leaseOwner", "leaseUntil");
