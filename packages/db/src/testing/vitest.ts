import { inject } from "vitest";

import { createDatabase, dropDatabase } from "./postgres-server.ts";

/** Answers the address of the run's Postgres server, which the first question starts. */
export type DeskAddress = string;

declare module "vitest" {
  interface ProvidedContext {
    postgresDesk: DeskAddress;
  }
}

/** A database of one test on the run's Postgres server. */
export type TestDatabase = AsyncDisposable & { url: string };

/** Makes a fresh, empty database for one test; it is gone with the scope it was made in. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const response = await fetch(inject("postgresDesk"));
  const answer = await response.text();
  if (!response.ok) throw new Error(`There is no Postgres server for the tests: ${answer}`);
  const url = await createDatabase(answer);
  return { url, [Symbol.asyncDispose]: () => dropDatabase(url) };
}
