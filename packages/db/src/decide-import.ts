import { isMoved, type FoundConnection } from "./decide-sign-in.ts";
import type { ImportAccountInput, ImportAccountResult } from "./store/keep-tokens.ts";

/** Decides what becomes of a token that was brought by hand, before any engine writes it. */
export function decideImport(
  findings: { existing: FoundConnection | undefined; isUserHere: boolean },
  { userId, newUserId, account }: ImportAccountInput,
): ImportAccountResult {
  const { existing, isUserHere } = findings;
  if (userId !== null && !isUserHere) return { kind: "user_missing" };
  if (existing !== undefined && userId !== null && existing.userId !== userId)
    return { kind: "account_held" };
  const id = existing?.id ?? null;
  if (isMoved(id, account)) return { kind: "connection_moved", connectionId: id };
  const ownerId = userId ?? existing?.userId ?? newUserId;
  const { connectionId } = account;
  return { kind: "imported", userId: ownerId, connectionId, isNew: existing === undefined };
}
