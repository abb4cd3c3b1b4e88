import type { Flavour, SignInAttempt } from "@perennial/db";
import { parseCallback, type CallbackResult } from "@perennial/instagram";

import { splitState } from "./begin-sign-in.ts";
import { isDamaged, REFUSALS, REFUSED_BECAUSE } from "./callback-refusals.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, type SignInStep } from "./errors.ts";
import { hashSecret } from "./ids.ts";
import {
  accountsWithoutAsking,
  CHOICE_LIFETIME_MS,
  chosenAccounts,
  openGrant,
  sealGrant,
  standingsOf,
  viewChoice,
  type AccountChoice,
} from "./account-choice.ts";
import { exchangeForGrant, type Grant } from "./grant.ts";
import { inStep, type OnStep } from "./sign-in-steps.ts";
import { isOfTerminal } from "./terminal/terminal-attempt.ts";
import { storeSignIn, type SigningIn } from "./store-sign-in.ts";
import { findLiveSession, sessionIdOf } from "./sessions.ts";
import { stepsUnderWay, withTranscript, writtenTranscript } from "./transcript.ts";
import { SignInProgressBoard, type SignInProgress } from "./sign-in-progress.ts";
import {
  findAttempt,
  resultOnceFinished,
  signedInOf,
  type OfBrowser,
  type SignedIn,
  type SignInResult,
} from "./sign-in-result.ts";

/** What the callback page presents. */
export type CompleteSignInRequest = {
  flavour: Flavour;
  /** The query of the redirect address, as it arrived. */
  query: string;
  /** The secret of the cookie that belongs to an attempt, or null when this browser has none. */
  browserSecretOf: (attemptId: string) => string | null;
  /** The session id this browser presents, if any. */
  sessionId: string | null;
  userAgent: string | null;
};

/** What a person chose, and in which browser. */
export type ChooseRequest = {
  accountIds: readonly string[];
  sessionId: string | null;
  userAgent: string | null;
};

/** Completing, resuming and watching sign-ins in one process. */
export type SignInCompletion = {
  complete(request: CompleteSignInRequest): Promise<SignInResult>;
  resume(input: OfBrowser): Promise<SignInResult>;
  choice(input: OfBrowser): Promise<AccountChoice>;
  choose(input: OfBrowser & ChooseRequest): Promise<SignedIn>;
  watch(input: OfBrowser & { signal: AbortSignal }): AsyncIterable<SignInProgress>;
};

/** Completes sign-ins: the state is checked before anything else is believed, and the code is spent once. */
export function createSignInCompletion(deps: ConnectionsDeps): SignInCompletion {
  const board = new SignInProgressBoard(() => deps.wallNow().getTime());

  return {
    complete: async (request) => {
      const callback = parseCallback(request.query);
      const state = callback.state === null ? null : splitState(callback.state);
      if (state === null)
        throw new ConnectionError(
          isDamaged(callback, request.browserSecretOf) ? "callback_damaged" : "sign_in_unknown",
        );
      const browserSecret = request.browserSecretOf(state.attemptId);
      if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
      if (callback.kind === "damaged") throw new ConnectionError("callback_damaged");

      const claim = await deps.store.claimSignInAttempt({
        id: state.attemptId,
        stateHash: hashSecret(state.secret),
        browserHash: hashSecret(browserSecret),
        codeHash: callback.kind === "code" ? hashSecret(callback.code) : null,
        flavour: request.flavour,
        now: deps.wallNow(),
      });
      if (claim.kind === "refused") {
        const isBegunHere =
          claim.reason === "unknown" && (await findAttempt(deps, state.attemptId, browserSecret)) !== null;
        throw new ConnectionError(isBegunHere ? "callback_damaged" : REFUSALS[claim.reason]);
      }
      if (claim.kind === "repeated") return await resultOnceFinished(deps, claim.attempt, browserSecret);
      return await withTranscript(() =>
        runOnce(deps, board, claim.attempt, callback, { ...request, browserSecret }),
      );
    },

    resume: async ({ attemptId, browserSecret }) => {
      if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
      const attempt = await findAttempt(deps, attemptId, browserSecret);
      if (attempt === null || deps.wallNow() >= attempt.expiresAt)
        throw new ConnectionError("sign_in_expired");
      if (attempt.status === "started") throw new ConnectionError("sign_in_interrupted");
      return await resultOnceFinished(deps, attempt, browserSecret);
    },

    choice: async (of) => {
      const { attempt, grant } = await findGrant(deps, of);
      return viewChoice(attempt.id, grant, await standingsOf(deps, grant, attempt.linkUserId));
    },
    choose: (request) => choose(deps, request),

    watch: async function* watch({ attemptId, browserSecret, signal }) {
      if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
      const attempt = await findAttempt(deps, attemptId, browserSecret);
      if (attempt === null) throw new ConnectionError("sign_in_unknown");
      if (attempt.status === "completed" || attempt.status === "failed") return;
      yield* board.watch(attemptId, signal);
    },
  };
}

async function runOnce(
  deps: ConnectionsDeps,
  board: SignInProgressBoard,
  attempt: SignInAttempt,
  callback: Exclude<CallbackResult, { kind: "damaged" }>,
  request: CompleteSignInRequest & { browserSecret: string },
): Promise<SignInResult> {
  board.open(attempt.id);
  let step: SignInStep = "code_accepted";
  try {
    if (callback.kind === "refused") {
      throw new ConnectionError(REFUSED_BECAUSE[callback.reason]);
    }
    await checkSameUser(deps, attempt, request.sessionId);
    const onStep: OnStep = (progress) => {
      if (progress.status === "started" || progress.status === "failed") step = progress.step;
      board.tell(attempt.id, progress);
    };
    const grant = await exchangeForGrant(deps, { attempt, code: callback.code, onStep });
    const standings = await standingsOf(deps, grant, attempt.linkUserId);
    const accounts = await accountsWithoutAsking(deps, attempt, grant, standings);
    if (accounts === null) return await offerChoice(deps, attempt, grant);
    const signingIn = signingInOf(attempt, request.browserSecret, request);
    const stored = await inStep(onStep, "stored", () => storeSignIn(deps, signingIn, { grant, accounts }));
    return { kind: "signed_in", ...stored, attemptId: attempt.id, returnTo: attempt.returnTo };
  } catch (error) {
    await recordSignInFailure(deps, attempt, error, step);
    throw error;
  } finally {
    board.tell(attempt.id, { step: "ended" });
  }
}

async function recordSignInFailure(
  deps: ConnectionsDeps,
  attempt: SignInAttempt,
  error: unknown,
  step: SignInStep,
): Promise<void> {
  const errorCode = error instanceof ConnectionError ? error.code : "unknown";
  const failedStep = (error instanceof ConnectionError ? error.step : null) ?? step;
  deps.onEvent({ event: "sign_in.failed", attemptId: attempt.id, errorCode, step: failedStep });
  const { detail, reason } = error instanceof ConnectionError ? error : { detail: null, reason: null };
  const transcript = writtenTranscript({ detail, reason, steps: stepsUnderWay() });
  const wallNow = deps.wallNow();
  await deps.store.failSignInAttempt({ id: attempt.id, errorCode, failedStep, transcript, wallNow });
}

function signingInOf(
  attempt: SignInAttempt,
  browserSecret: string,
  { sessionId, userAgent }: Pick<ChooseRequest, "sessionId" | "userAgent">,
): SigningIn {
  const opened = sessionIdOf(attempt.id, browserSecret);
  return { attempt, sessionId: opened, replacedSessionId: sessionId, userAgent };
}

async function offerChoice(
  deps: ConnectionsDeps,
  attempt: SignInAttempt,
  grant: Grant,
): Promise<SignInResult> {
  const expiresAt = new Date(deps.wallNow().getTime() + CHOICE_LIFETIME_MS);
  const sealedChoice = sealGrant(deps, attempt, grant);
  const isOffered = await deps.store.offerChoice({ id: attempt.id, sealedChoice, expiresAt });
  if (!isOffered) throw new ConnectionError("sign_in_interrupted");
  return { kind: "choice", attemptId: attempt.id };
}

async function findGrant(
  deps: ConnectionsDeps,
  { attemptId, browserSecret }: OfBrowser,
): Promise<{ attempt: SignInAttempt; grant: Grant }> {
  if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
  const browserHash = hashSecret(browserSecret);
  const found = await deps.store.findChoice({ id: attemptId, browserHash, wallNow: deps.wallNow() });
  if (found === null) throw new ConnectionError("sign_in_expired");
  const grant = openGrant(deps, found.attempt, found.sealedChoice);
  if (grant === null) throw new ConnectionError("sign_in_expired");
  return { attempt: found.attempt, grant };
}

/** Ends a sign-in with the accounts that were chosen. A choice that cannot be made changes nothing. */
async function choose(deps: ConnectionsDeps, request: OfBrowser & ChooseRequest): Promise<SignedIn> {
  const { attemptId, browserSecret } = request;
  if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
  const before = await findAttempt(deps, attemptId, browserSecret);
  // A second click, or a lost answer: the result of the first one.
  if (before?.status === "completed" || before?.status === "exchanging")
    return signedInOf(await resultOnceFinished(deps, before, browserSecret));
  const { attempt, grant } = await findGrant(deps, request);
  await checkSameUser(deps, attempt, request.sessionId);
  const standings = await standingsOf(deps, grant, attempt.linkUserId);
  const accounts = chosenAccounts(grant, standings, request.accountIds);
  if (!(await deps.store.takeChoice(attempt.id)))
    return signedInOf(await resultOnceFinished(deps, { ...attempt, status: "exchanging" }, browserSecret));
  try {
    const signingIn = signingInOf(attempt, browserSecret, request);
    const stored = await storeSignIn(deps, signingIn, { grant, accounts });
    return { kind: "signed_in", ...stored, attemptId, returnTo: attempt.returnTo };
  } catch (error) {
    await recordSignInFailure(deps, attempt, error, "stored");
    throw error;
  }
}

/** Adding an account needs the same signed-in user at the start and at the end; at a terminal its operator vouches. */
async function checkSameUser(
  deps: ConnectionsDeps,
  attempt: SignInAttempt,
  sessionId: string | null,
): Promise<void> {
  if (attempt.linkUserId === null || isOfTerminal(attempt)) return;
  const session = sessionId === null ? null : await findLiveSession(deps, sessionId);
  if (session?.userId !== attempt.linkUserId) throw new ConnectionError("session_changed");
}
