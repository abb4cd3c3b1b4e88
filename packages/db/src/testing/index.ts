export {
  createDatabase,
  dropDatabase,
  runOn,
  startPostgresServer,
  type PostgresServer,
  type PostgresServerOptions,
} from "./postgres-server.ts";
export { furnish, type Furniture } from "./furnish.ts";
