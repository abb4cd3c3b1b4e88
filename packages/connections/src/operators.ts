import type { UserRecord } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { ownConnection } from "./held-connection.ts";
import { viewConnection, type ConnectionView } from "./views.ts";

/** A connection as an operator sees it: with whose it is. */
export type OwnedConnection = { userId: string; connection: ConnectionView };

/** A user as an operator sees them. */
export type UserView = UserRecord & { connections: ConnectionView[] };

/** One connection, whoever has it. @throws {ConnectionError} `connection_not_found` */
export async function findConnection(deps: ConnectionsDeps, connectionId: string): Promise<OwnedConnection> {
  const record = await ownConnection(deps, { connectionId, userId: null });
  return { userId: record.userId, connection: viewConnection(deps, record, deps.now()) };
}

/** The connections that go by a username; there may be several. */
export async function findByUsername(
  deps: ConnectionsDeps,
  input: { username: string; limit: number },
): Promise<ConnectionView[]> {
  const now = deps.now();
  return (await deps.store.findConnectionsByUsername(input)).map((row) => viewConnection(deps, row, now));
}

/** One user with their connections. @throws {ConnectionError} `user_not_found` */
export async function findUser(deps: ConnectionsDeps, userId: string): Promise<UserView> {
  const user = await deps.store.findUser(userId);
  if (user === null) throw new ConnectionError("user_not_found");
  const now = deps.now();
  const rows = await deps.store.listConnections(userId);
  return { ...user, connections: rows.map((row) => viewConnection(deps, row, now)) };
}

/** Every connection, page by page. */
export async function pageConnections(
  deps: ConnectionsDeps,
  input: { after: string | null; limit: number },
): Promise<ConnectionView[]> {
  const now = deps.now();
  return (await deps.store.pageConnections(input)).map((row) => viewConnection(deps, row, now));
}
