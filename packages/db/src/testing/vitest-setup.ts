import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

import { startPostgresServer, type PostgresServer } from "./postgres-server.ts";
import type { DeskAddress } from "./vitest.ts";

/** One Postgres server for the whole run, started by the first test that asks for it, if any does. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | null = null;
  const desk = createServer((_request, response) => {
    starting ??= startPostgresServer();
    starting.then(
      (server) => response.end(server.url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, "127.0.0.1", resolve));
  const { port } = desk.address() as AddressInfo;
  const address: DeskAddress = `http://127.0.0.1:${port}/`;
  project.provide("postgresDesk", address);

  return async () => {
    desk.closeAllConnections();
    desk.close();
    await (await starting)?.stop();
  };
}
