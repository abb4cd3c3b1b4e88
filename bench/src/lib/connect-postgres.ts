import { Client } from "pg";

/** Connects to a database, outside of any store. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
