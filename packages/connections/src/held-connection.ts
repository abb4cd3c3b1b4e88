import type { ConnectionRecord } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";
import { TokenSealError } from "./token-seal.ts";

/**
 * A connection of a user, or anybody's where that is null.
 *
 * @throws {ConnectionError} `connection_not_found`, also for another user's and one that was disconnected
 */
export async function ownConnection(
  { store }: Pick<ConnectionsDeps, "store">,
  { connectionId, userId }: { connectionId: string; userId: string | null },
): Promise<ConnectionRecord> {
  const record = await store.findConnectionById(connectionId);
  const isTheirs = userId === null || record?.userId === userId;
  if (record === null || record.status === "disconnected" || !isTheirs)
    throw new ConnectionError("connection_not_found");
  return record;
}

/** The connection of an account, whoever has it; null when nobody ever had. */
export async function connectionOfAccount(
  { store }: Pick<ConnectionsDeps, "store">,
  accountId: string,
): Promise<ConnectionRecord | null> {
  const id = await store.findConnectionIdByAccount(accountId);
  return id === null ? null : await store.findConnectionById(id);
}

/** A connection with the sealed token that it holds, alive or not. */
export type TokenHolder = { record: ConnectionRecord; sealedToken: string };

/** The same, with its token. @throws {ConnectionError} as above; `reconnect_required` when it holds none */
export async function heldConnection(
  deps: ConnectionsDeps,
  of: { connectionId: string; userId: string | null },
): Promise<TokenHolder> {
  const record = await ownConnection(deps, of);
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
