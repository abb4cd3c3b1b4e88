import type { CompleteSignInResult, SignInAttempt } from "@perennial/db";
import {
  InstagramError,
  type InstagramLogin,
  type InstagramProfile,
  type LongLivedToken,
} from "@perennial/instagram";

import { alertAbout } from "./alerts.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, type SignInStep } from "./errors.ts";
import { newId, hashSecret } from "./ids.ts";
import { newSessionRow, type OpenedSession } from "./sessions.ts";
import { storedTokenOf } from "./token-life.ts";

type StepProgress = { step: SignInStep; status: "started" | "done" | "failed" };

type ExchangeInput = {
  attempt: SignInAttempt;
  code: string;
  /** The session to open. */
  sessionId: string;
  replacedSessionId: string | null;
  userAgent: string | null;
  onStep: (progress: StepProgress) => void;
};

type Stored = { userId: string; connectionId: string; session: OpenedSession };

/** Two people finishing with one new account at once settle within this many tries. */
const MAX_SEAL_TRIES = 3;

/**
 * The chain of one sign-in in two round trips: the code exchange, then everything the short-lived token
 * can fetch side by side. Nothing is stored until all of it is there.
 */
export async function exchangeAndStore(deps: ConnectionsDeps, input: ExchangeInput): Promise<Stored> {
  const startedAt = deps.now();
  const login = deps.logins[input.attempt.flavour];
  if (login === undefined) throw new ConnectionError("flavour_not_configured");
  const { attempt, code, onStep } = input;

  const shortLived = await inStep(onStep, "code_accepted", () =>
    login.exchangeCode({ code, redirectUri: attempt.redirectUri }),
  );
  const [longLived, profile] = await together(
    inStep(onStep, "long_lived_token", () => login.exchangeForLongLivedToken(shortLived)),
    inStep(onStep, "profile", () => eligibleProfile(login, shortLived, attempt.expectedAccountId)),
  );
  const token = { ...longLived, permissions: shortLived.permissions ?? longLived.permissions };
  return await inStep(onStep, "stored", () => store(deps, input, { login, token, profile, startedAt }));
}

async function eligibleProfile(
  login: InstagramLogin,
  token: { value: string },
  expectedAccountId: string | null,
): Promise<InstagramProfile> {
  const profile = await login.fetchProfile(token);
  if (expectedAccountId !== null && profile.accountId !== expectedAccountId)
    throw new ConnectionError("wrong_account");
  if (profile.accountType === "personal") throw new ConnectionError("account_not_eligible");
  return profile;
}

/** Both results, or the first failure once neither call is under way any more. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function inStep<T>(
  onStep: ExchangeInput["onStep"],
  step: SignInStep,
  work: () => Promise<T>,
): Promise<T> {
  onStep({ step, status: "started" });
  try {
    const result = await work();
    onStep({ step, status: "done" });
    return result;
  } catch (error) {
    onStep({ step, status: "failed" });
    if (error instanceof InstagramError) {
      throw new ConnectionError(error.code, { step, traceId: error.traceId ?? null, cause: error });
    }
    if (error instanceof ConnectionError) throw new ConnectionError(error.code, { step, cause: error });
    throw error;
  }
}

type Fetched = { login: InstagramLogin; token: LongLivedToken; profile: InstagramProfile; startedAt: Date };

async function store(deps: ConnectionsDeps, input: ExchangeInput, fetched: Fetched): Promise<Stored> {
  const wallNow = deps.wallNow();
  const session = newSessionRow(input.sessionId, wallNow, input.userAgent);
  const { flavour } = input.attempt;
  const appId = fetched.login.clientId;
  let connectionId = (await deps.store.findConnectionIdByAccount(fetched.profile.accountId)) ?? newId("con");
  for (let tries = 0; tries < MAX_SEAL_TRIES; tries += 1) {
    const result = await deps.store.completeSignIn({
      attemptId: input.attempt.id,
      flavour,
      accountId: fetched.profile.accountId,
      appScopedId: fetched.profile.appScopedId,
      appId,
      profile: fetched.profile,
      token: storedTokenOf(deps, fetched.token, { connectionId, flavour }),
      connectionId,
      newUserId: newId("usr"),
      session,
      replacedSessionIdHash: input.replacedSessionId === null ? null : hashSecret(input.replacedSessionId),
      history: {
        id: newId("att"),
        kind: "sign_in",
        trigger: "person",
        startedAt: fetched.startedAt,
        finishedAt: deps.now(),
        outcome: "succeeded",
        errorCode: null,
        traceId: null,
        tokenExpiresAt: fetched.token.expiresAt,
      },
      recovery: alertAbout(
        deps,
        { id: connectionId, userId: null, flavour, appId, tokenExpiresAt: fetched.token.expiresAt },
        { kind: "connection.recovered" },
      ),
      now: deps.now(),
      wallNow,
    });
    if (result.kind !== "connection_moved") return opened(deps, result, input.sessionId, session.expiresAt);
    connectionId = result.connectionId;
  }
  throw new ConnectionError("sign_in_interrupted");
}

function opened(
  deps: ConnectionsDeps,
  result: Exclude<CompleteSignInResult, { kind: "connection_moved" }>,
  sessionId: string,
  expiresAt: Date,
): Stored {
  if (result.kind === "account_held") throw new ConnectionError("account_held");
  if (result.kind === "attempt_gone") throw new ConnectionError("sign_in_interrupted");
  const { userId, connectionId } = result;
  const event = result.isNewConnection ? "connection.created" : "connection.reconnected";
  deps.onEvent({ event, connectionId, userId });
  return { userId, connectionId, session: { id: sessionId, userId, expiresAt } };
}
