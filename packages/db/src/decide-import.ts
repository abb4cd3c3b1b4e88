import type { FoundConnection } from "./decide-sign-in.ts";
import type { ImportAccountInput, ImportAccountResult } from "./store.ts";

/** Decides what becomes of a token that was brought by hand, before any engine writes it. */
export function decideImport(
  findings: { existing: FoundConnection | undefined; isUserHere: boolean },
  { userId, newUserId, account: { connectionId } }: ImportAccountInput,
): ImportAccountResult {
  const { existing, isUserHere } = findings;
  if (userId !== null && !isUserHere) return { kind: "user_missing" };
  if (existing !== undefined && userId !== null && existing.userId !== userId)
    return { kind: "account_held" };
  if (existing !== undefined && existing.id !== connectionId)
    return { kind: "connection_moved", connectionId: existing.id };
  const ownerId = userId ?? existing?.userId ?? newUserId;
  return { kind: "imported", userId: ownerId, connectionId, isNew: existing === undefined };
}
