import type { CompleteSignInInput, CompleteSignInResult, NewAccount } from "./store/complete-sign-in.ts";
import type { SignInAttempt } from "./store/sign-in-attempts.ts";

/** The connection of an account, as far as the end of a sign-in or an import needs it. */
export type FoundConnection = { id: string; userId: string; incidentId: string | null; createdAt: Date };

/** What the end of a sign-in finds, all of it read under the locks that it is written with. */
export type SignInFindings = {
  attempt: Pick<SignInAttempt, "flavour" | "linkUserId" | "expectedAccountId" | "status"> | undefined;
  /** Whether the user whom the attempt was begun for is still here; of no matter if it was for nobody. */
  isLinkedUserHere: boolean;
  /** The connection of each account, in the order of the accounts. */
  existing: readonly (FoundConnection | undefined)[];
  /** Who is known by the identity. */
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
  const { linkUserId } = attempt;
  if (linkUserId !== null && !findings.isLinkedUserHere) return { kind: "attempt_gone" };

  const ownerId = ownerOf(findings, input);
  const first = input.accounts[0]?.accountId ?? "";
  const isOfInstagram = input.flavour === "instagram";
  if (isOfInstagram && linkUserId !== null && ownerId !== null && ownerId !== linkUserId)
    return { kind: "account_held", accountId: first };
  const knownUserId = linkUserId ?? ownerId;
  const held = existing.findIndex((found) => found !== undefined && found.userId !== knownUserId);
  if (held !== -1) return { kind: "account_held", accountId: input.accounts[held]?.accountId ?? first };
  const moved = movedConnections(input.accounts, existing);
  if (moved.size > 0) return { kind: "connection_moved", connectionIds: moved };
  return {
    kind: "completed",
    userId: knownUserId ?? input.newUserId,
    isNewUser: knownUserId === null,
    connections: input.accounts.map(({ connectionId }, index) => ({
      connectionId,
      isNew: existing[index] === undefined,
    })),
  };
}

/**
 * Who signed in, as far as anybody is known by it. Instagram Login proves that the account is theirs, so that its
 * holder is signed in. A role on a Facebook Page is shared by many: it gives nobody another one's connections, but for
 * the account that a reconnect link was made for.
 */
function ownerOf({ attempt, existing, identityUserId }: SignInFindings, input: CompleteSignInInput) {
  if (input.flavour === "instagram") return existing[0]?.userId ?? identityUserId;
  const expected = input.accounts.findIndex(({ accountId }) => accountId === attempt?.expectedAccountId);
  return identityUserId ?? (expected === -1 ? null : (existing[expected]?.userId ?? null));
}

function movedConnections(
  accounts: readonly NewAccount[],
  existing: SignInFindings["existing"],
): Map<string, string | null> {
  const moved = new Map<string, string | null>();
  for (const [index, account] of accounts.entries()) {
    const id = existing[index]?.id ?? null;
    if (isMoved(id, account)) moved.set(account.accountId, id);
  }
  return moved;
}

/** Whether an account's connection, null where there is none, is another than its token was sealed for. */
export function isMoved(
  id: string | null,
  { connectionId, wasFound = false }: Pick<NewAccount, "connectionId" | "wasFound">,
): boolean {
  // An id that was erased is in the list of those that no backup brings back.
  return id === null ? wasFound : id !== connectionId;
}

/** Whether the identity is written: it stays with whoever is known by it. */
export function isIdentityWritten(
  findings: SignInFindings,
  input: CompleteSignInInput,
  userId: string,
): boolean {
  const { identityUserId } = findings;
  return input.flavour === "instagram" || identityUserId === null || identityUserId === userId;
}
