import path from "node:path";

/** Set to nothing, so that a `.env` of this checkout has no say in what is measured. */
const LEFT_AT_DEFAULT = [
  "NODE_ENV",
  "HOST",
  "INSTAGRAM_CLIENT_ID",
  "INSTAGRAM_CLIENT_SECRET",
  "INSTAGRAM_AUTHORIZE_ORIGIN",
  "INSTAGRAM_API_ORIGIN",
  "INSTAGRAM_GRAPH_ORIGIN",
  "GRAPH_VERSION",
  "JWT_SECRET",
  "TOKEN_KEYS",
  "CRON_SECRET",
  "SIM_CONTROL_SECRET",
  "REFRESH_CRON",
  "REFRESH_LEAD_DAYS",
  "REFRESH_URGENT_DAYS",
  "REFRESH_CONCURRENCY",
  "LOG_LEVEL",
  "TRUSTED_PROXIES",
  "API_REQUESTS_PER_MINUTE",
] as const;

/** Perennial against a simulator: a SQLite file in that folder unless told, every other setting at its default. */
export function perennialEnvironment(options: {
  folder: string;
  simulatorPort: number;
  databaseUrl?: string | undefined;
}): Record<string, string> {
  return {
    ...Object.fromEntries(LEFT_AT_DEFAULT.map((name) => [name, ""])),
    DATABASE_URL: options.databaseUrl ?? `file:${path.join(options.folder, "perennial.db")}`,
    DATA_FOLDER: options.folder, // the simulator's secrets are there, whatever the database
    SIGN_INS_PER_MINUTE: "100000000", // everybody comes from one address here
    SIMULATOR_PORT: String(options.simulatorPort),
  };
}
