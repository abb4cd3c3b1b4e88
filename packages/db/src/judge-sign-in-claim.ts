import { isSameHash } from "./same-hash.ts";
import type {
  OfferedChoice,
  SignInAttempt,
  SignInClaimInput,
  SignInRefusal,
} from "./store/sign-in-attempts.ts";

const MINUTE_MS = 60_000;
/** How long a finished attempt answers the same callback again. */
const REPEAT_MS = 10 * MINUTE_MS;
/** How much longer than its own time an attempt may be found in the middle of its exchange. */
const EXCHANGE_GRACE_MS = MINUTE_MS;

/** An attempt with the hashes a callback is held against, and what was sealed for it. */
export type StoredSignInAttempt = SignInAttempt & {
  sealedChoice: string | null;
  stateHash: string;
  browserHash: string;
  codeHash: string | null;
};

/** Whether a callback may take an attempt, before any engine writes that it did. */
export type SignInJudgement =
  | { kind: "claimable" }
  | { kind: "repeated" }
  | { kind: "refused"; reason: SignInRefusal };

/** Holds a callback against an attempt as it is stored. Hashes are compared in constant time. */
export function judgeSignInClaim(
  attempt: StoredSignInAttempt | undefined,
  input: SignInClaimInput,
): SignInJudgement {
  if (attempt === undefined || !isSameHash(attempt.stateHash, input.stateHash)) return refused("unknown");
  if (!isSameHash(attempt.browserHash, input.browserHash)) return refused("wrong_browser");
  if (attempt.flavour !== input.flavour) return refused("wrong_flavour");
  if (input.now.getTime() >= answersUntil(attempt)) return refused("expired");
  if (attempt.status === "started") return { kind: "claimable" };
  return isSameCode(attempt.codeHash, input.codeHash) ? { kind: "repeated" } : refused("other_code");
}

/** What the browser that signed in may still pick from. */
export function choiceOf(
  stored: StoredSignInAttempt | undefined,
  { browserHash, wallNow }: { browserHash: string; wallNow: Date },
): OfferedChoice | null {
  if (stored === undefined || !isSameHash(stored.browserHash, browserHash)) return null;
  const { sealedChoice, status, expiresAt } = stored;
  if (status !== "choosing" || sealedChoice === null || wallNow >= expiresAt) return null;
  return { attempt: withoutHashes(stored), sealedChoice };
}

/** An attempt as it may leave the store. */
export function withoutHashes(stored: StoredSignInAttempt): SignInAttempt {
  const {
    stateHash: _state,
    browserHash: _browser,
    codeHash: _code,
    sealedChoice: _sealed,
    ...attempt
  } = stored;
  return attempt;
}

function answersUntil(attempt: SignInAttempt): number {
  if (attempt.finishedAt !== null) return attempt.finishedAt.getTime() + REPEAT_MS;
  const graceMs = attempt.status === "exchanging" ? EXCHANGE_GRACE_MS : 0;
  return attempt.expiresAt.getTime() + graceMs;
}

function isSameCode(stored: string | null, presented: string | null): boolean {
  return stored === null || presented === null ? stored === presented : isSameHash(stored, presented);
}

function refused(reason: SignInRefusal): SignInJudgement {
  return { kind: "refused", reason };
}
