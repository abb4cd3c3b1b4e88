import { Client } from "pg";

import { answerParent } from "../../testing/child.ts";
import { migrate } from "../migrate.ts";

await answerParent(async ([url = "", migrationsFolder]) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await migrate(client, migrationsFolder);
  const journal = await client.query<{ created_at: string }>(
    "SELECT created_at::text FROM __drizzle_migrations ORDER BY id",
  );
  await client.end();
  return journal.rows.map((row) => Number(row.created_at));
});
