import type { ConnectionRecord } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { TokenSealError } from "./token-seal.ts";

/** A connection with the sealed token that it holds, alive or not. */
export type TokenHolder = { record: ConnectionRecord; sealedToken: string };

/**
 * A connection of a user, or anybody's where that is null.
 *
 * @throws {ConnectionError} `connection_not_found`, also for another user's and one that was disconnected;
 *   `reconnect_required` when it holds no token
 */
export async function heldConnection(
  { store }: ConnectionsDeps,
  { connectionId, userId }: { connectionId: string; userId: string | null },
): Promise<TokenHolder> {
  const record = await store.findConnectionById(connectionId);
  const isTheirs = userId === null || record?.userId === userId;
  if (record === null || record.status === "disconnected" || !isTheirs)
    throw new ConnectionError("connection_not_found");
  if (record.sealedToken === null) throw new ConnectionError("reconnect_required");
  return { record, sealedToken: record.sealedToken };
}

/** Opens a connection's token. @throws {ConnectionError} `token_unreadable` */
export function openedToken(
  { seal }: ConnectionsDeps,
  { id, flavour }: Pick<ConnectionRecord, "id" | "flavour">,
  sealedToken: string,
): string {
  try {
    return seal.open(sealedToken, { connectionId: id, flavour });
  } catch (error) {
    if (error instanceof TokenSealError) throw new ConnectionError("token_unreadable", { cause: error });
    throw error;
  }
}
