import type { SignInAttempt } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, knownErrorCode, signInStepOf } from "./errors.ts";
import { hashSecret } from "./ids.ts";
import { findOpenedSession, type OpenedSession } from "./sessions.ts";
import { failedStepOf, readTranscript, reasonIn } from "./transcript.ts";

/**
 * A finished sign-in, or one that waits for the person to choose among several accounts. A repeated callback gets
 * the session of the first one, whose answer may have been lost; `session` is null when that one has ended.
 */
export type SignInResult = SignedIn | { kind: "choice"; attemptId: string };

/** A sign-in that has ended well. `connectionId` is the first account's. */
export type SignedIn = {
  kind: "signed_in";
  attemptId: string;
  userId: string;
  connectionId: string;
  returnTo: string;
  session: OpenedSession | null;
};

/** Who asks about a sign-in: the browser that began it. */
export type OfBrowser = { attemptId: string; browserSecret: string | null };

/** How long a repeated callback waits for the first one's result, and how often it looks. */
const WAIT_LIMIT_MS = 15_000;
const WAIT_STEP_MS = 50;

/** The first arrival's result, waited for when it is still running, here or in another process. */
export async function resultOnceFinished(
  deps: ConnectionsDeps,
  first: SignInAttempt,
  browserSecret: string,
): Promise<SignInResult> {
  let attempt: SignInAttempt | null = first;
  for (let waitedMs = 0; attempt?.status === "exchanging"; waitedMs += WAIT_STEP_MS) {
    if (waitedMs >= WAIT_LIMIT_MS) throw new ConnectionError("sign_in_in_progress");
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    attempt = await findAttempt(deps, first.id, browserSecret);
  }
  if (attempt === null) throw new ConnectionError("sign_in_expired");
  if (attempt.status === "choosing") return { kind: "choice", attemptId: attempt.id };
  if (attempt.status === "completed" && attempt.userId !== null && attempt.connectionId !== null) {
    const { id: attemptId, userId, connectionId, returnTo } = attempt;
    const session = await findOpenedSession(deps, attemptId, browserSecret);
    return { kind: "signed_in", attemptId, userId, connectionId, returnTo, session };
  }
  throw failureOf(attempt);
}

/** The same for who has chosen already: there is nothing to choose any more. */
export function signedInOf(result: SignInResult): SignedIn {
  if (result.kind === "choice") throw new ConnectionError("sign_in_interrupted");
  return result;
}

/** An attempt, for the browser that began it. */
export function findAttempt(
  deps: ConnectionsDeps,
  id: string,
  browserSecret: string,
): Promise<SignInAttempt | null> {
  return deps.store.findSignInAttempt({ id, browserHash: hashSecret(browserSecret) });
}

function failureOf(attempt: SignInAttempt): ConnectionError {
  const code = knownErrorCode(attempt.errorCode ?? "unknown");
  const step = signInStepOf(attempt.failedStep);
  const transcript = readTranscript(attempt.transcript);
  const { detail, steps } = transcript;
  const traceId = failedStepOf(steps, code)?.traceId ?? null;
  return new ConnectionError(code, { step, reason: reasonIn(transcript, code), traceId, detail, steps });
}
