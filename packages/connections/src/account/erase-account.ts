import { auditEvent } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { connectionsOf } from "./connections-of.ts";

/** A person asks for everything about them to be erased. */
export type EraseAccountRequest = {
  userId: string;
  /** What they typed: the username of one of their accounts. */
  typed: string;
};

/**
 * Erases a person and everything about them, and ends their sessions and keys in every process. What is under way brings
 * nothing back. Their webhooks are told.
 *
 * @throws {ConnectionError} `erasure_not_confirmed`
 */
export async function eraseAccount(deps: ConnectionsDeps, request: EraseAccountRequest): Promise<void> {
  const { userId, typed } = request;
  const connections = await connectionsOf(deps, userId);
  const name = plainName(typed);
  if (!connections.some(({ username }) => plainName(username) === name))
    throw new ConnectionError("erasure_not_confirmed");
  const wasHere = await deps.store.eraseUser({
    userId,
    erasedAt: deps.wallNow(),
    audit: auditEvent(deps, "account.erased", { userId, subjectId: userId }),
  });
  if (!wasHere) return; // by another click, a moment ago
  for (const { id } of connections) deps.onEvent({ event: "connection.erased", connectionId: id, userId });
  deps.onEvent({ event: "user.erased", userId });
}

/** Names are the same with an @ and without, and however they are capitalised. */
function plainName(text: string): string {
  return text.trim().replace(/^@/, "").toLowerCase();
}
