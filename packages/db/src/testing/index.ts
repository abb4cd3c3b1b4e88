export { migrateAsLaterVersion } from "./later-version.ts";
export { findPgBouncer, startPgBouncer, type PgBouncer } from "./pgbouncer.ts";
export {
  openExplainingStore,
  type ExplainingStore,
  type PlanNode,
  type SentStatement,
} from "../postgres/testing/explaining-store.ts";
export { openExplainingSqliteStore, type ExplainingSqliteStore } from "../sqlite/testing/explaining-store.ts";
export {
  createDatabase,
  dropDatabase,
  runOn,
  startPostgresServer,
  type PostgresServer,
  type PostgresServerOptions,
} from "./postgres-server.ts";
export { furnish } from "./furnish.ts";
export type { Furniture } from "./furniture.ts";
