export { migrateAsLaterVersion } from "./later-version.ts";
export { findPgBouncer, startPgBouncer, type PgBouncer } from "./pgbouncer.ts";
export {
  createDatabase,
  dropDatabase,
  runOn,
  startPostgresServer,
  type PostgresServer,
  type PostgresServerOptions,
} from "./postgres-server.ts";
