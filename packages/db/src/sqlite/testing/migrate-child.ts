import { migrate } from "../migrate.ts";
import { openDatabase } from "../connection.ts";
import { answerParent } from "../../testing/child.ts";

const BUSY_TIMEOUT_MS = 10_000;

await answerParent(async ([file = "", migrationsFolder]) => {
  const sqlite = await openDatabase(file, BUSY_TIMEOUT_MS);
  await migrate(sqlite, BUSY_TIMEOUT_MS, migrationsFolder);
  const journal = sqlite.prepare("SELECT created_at FROM __drizzle_migrations ORDER BY id").pluck().all();
  sqlite.close();
  return journal;
});
