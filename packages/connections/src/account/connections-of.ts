import type { ConnectionSummary } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";

/** Every connection of a user, oldest first, those that were disconnected too. */
export async function connectionsOf(
  { store }: Pick<ConnectionsDeps, "store">,
  userId: string,
): Promise<ConnectionSummary[]> {
  const ids = Object.keys((await store.connectionVersions([userId])).get(userId) ?? {});
  const found = await Promise.all(ids.map((id) => store.findConnection(userId, id)));
  return found
    .filter((connection) => connection !== null)
    .sort(
      (left, right) => left.createdAt.getTime() - right.createdAt.getTime() || (left.id < right.id ? -1 : 1),
    );
}
