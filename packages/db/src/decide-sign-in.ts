import type { SignInAttempt } from "./records.ts";
import type { CompleteSignInInput, CompleteSignInResult } from "./store.ts";

/** What the end of a sign-in finds, all of it read under the locks that it is written with. */
export type SignInFindings = {
  attempt: Pick<SignInAttempt, "flavour" | "linkUserId" | "status"> | undefined;
  /** Whether the user whom the attempt was begun for is still here; of no matter if it was for nobody. */
  isLinkedUserHere: boolean;
  /** The account's connection. */
  existing: { id: string; userId: string } | undefined;
  /** Who has the account by its identity. */
  identityUserId: string | null;
};

/**
 * Decides how a sign-in ends, before any engine writes it: nothing for `attempt_gone` and `connection_moved`,
 * the attempt's failure for `account_held`, everything for `completed`.
 */
export function decideSignIn(findings: SignInFindings, input: CompleteSignInInput): CompleteSignInResult {
  const { attempt, existing } = findings;
  // Being exchanged, of this flavour, and for a user who is still here if it was begun for one.
  if (attempt?.status !== "exchanging" || attempt.flavour !== input.flavour) return { kind: "attempt_gone" };
  if (attempt.linkUserId !== null && !findings.isLinkedUserHere) return { kind: "attempt_gone" };

  const holderId = existing?.userId ?? findings.identityUserId;
  if (attempt.linkUserId !== null && holderId !== null && holderId !== attempt.linkUserId) {
    return { kind: "account_held" };
  }
  if (existing !== undefined && existing.id !== input.connectionId) {
    return { kind: "connection_moved", connectionId: existing.id };
  }
  const knownUserId = holderId ?? attempt.linkUserId;
  return {
    kind: "completed",
    userId: knownUserId ?? input.newUserId,
    connectionId: input.connectionId,
    isNewUser: knownUserId === null,
    isNewConnection: existing === undefined,
  };
}
