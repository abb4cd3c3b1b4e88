import type { Flavour } from "@perennial/db";
import type { InstagramErrorReason, Login } from "@perennial/instagram";

import type { AppGuard } from "../app-guard.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { knownErrorCode, type ConnectionErrorCode } from "../errors.ts";
import { failureClassOf } from "../failure-classes.ts";
import { createAppQuestion, createRestingApps, type CredentialsVerdict } from "./ask-about-app.ts";

/** What small calls of our own have shown. */
export type Evidence = {
  /** The app of the login that failed. */
  credentials: CredentialsVerdict;
  /** The app of the other login, at its own host; null where there is none, or where it would show nothing. */
  otherCredentials: CredentialsVerdict | null;
  /** The other login's id and secret at the host of the one that failed; null where there is none, or where it would show nothing. */
  exchanged: CredentialsVerdict | null;
  isClockWrong: boolean;
};

/** Nobody was asked. */
export const NO_EVIDENCE: Evidence = {
  credentials: "unclear",
  otherCredentials: null,
  exchanged: null,
  isClockWrong: false,
};

/** A failure, as far as it decides who is asked about it. */
export type FailureToProve = {
  code: ConnectionErrorCode;
  upstreamReason: InstagramErrorReason | null;
  flavour: Flavour;
  /** Null where no call was made. */
  failedAt: Date | null;
};

/**
 * Asks for evidence about a login after a failure: two small calls at the most, kept for a minute, shared by
 * everybody who asks the same meanwhile. It settles within four seconds, with what was found out by then.
 */
export type EvidenceSource = (failure: FailureToProve) => Promise<Evidence>;

/** Codes that an app's id, secret or addresses can be behind. */
const OF_APP: ReadonlySet<ConnectionErrorCode> = new Set(["invalid_client", "redirect_uri_mismatch"]);

/** A little longer than a connection may take, so that a host which cannot be reached is known as such. */
const PATIENCE_MS = 4_000;

/** Makes the source of one process. An app that is paused, or that Meta throttles, is asked nothing. */
export function createEvidenceSource(
  deps: ConnectionsDeps,
  guard: Pick<AppGuard, "openBreakers">,
): EvidenceSource {
  const resting = createRestingApps(deps.now);
  const question = () => createAppQuestion(deps.now, resting);
  // One for each host with each app: what was said of one pair is never taken for another's.
  const own = { instagram: question(), facebook: question() };
  const exchanged = { instagram: question(), facebook: question() };

  async function find({ code, flavour, failedAt }: FailureToProve, found: Evidence, hasTime: () => boolean) {
    const { logins, exchangedLogins = {} } = deps;
    const pausedIds = await pausedApps(guard);
    const ask = async (questions: typeof own, at: Flavour, login: Login | undefined) =>
      login === undefined || pausedIds.has(login.clientId) || !hasTime()
        ? null
        : await questions[at].answer(login, failedAt);
    const askOwn = async () => {
      found.credentials = (await ask(own, flavour, logins[flavour])) ?? "unclear";
    };
    if (code === "transient") {
      const other = flavour === "instagram" ? "facebook" : "instagram";
      const askOther = async () => {
        found.otherCredentials = await ask(own, other, logins[other]);
      };
      await Promise.all([askOwn(), askOther()]);
      return;
    }
    await askOwn();
    // Where the pair is accepted it was not exchanged.
    if (found.credentials === "refused")
      found.exchanged = await ask(exchanged, flavour, exchangedLogins[flavour]);
  }

  return async (failure) => {
    const { code, upstreamReason, flavour, failedAt } = failure;
    const found: Evidence = { ...NO_EVIDENCE };
    const login = deps.logins[flavour];
    if (upstreamReason === "app_throttled" && login !== undefined && failedAt !== null)
      resting.note(login.clientId, failedAt);
    if (OF_APP.has(code) || code === "transient")
      await within(PATIENCE_MS, (hasTime) => find(failure, found, hasTime));
    return { ...found, isClockWrong: deps.isClockWrong() };
  };
}

/** Apps that are left alone because Meta is down or throttles them. One that Meta refuses is what a call is to prove. */
async function pausedApps({ openBreakers }: Pick<AppGuard, "openBreakers">): Promise<Set<string>> {
  const paused = (await openBreakers()).filter(
    ({ errorCode }) => failureClassOf(knownErrorCode(errorCode)) !== "operator",
  );
  return new Set(paused.map(({ appId }) => appId));
}

/** Waits for the work, but not for longer; work that has no time left is to begin nothing. */
async function within(limitMs: number, work: (hasTime: () => boolean) => Promise<void>): Promise<void> {
  const { promise: end, resolve } = Promise.withResolvers<void>();
  let hasTime = true;
  const timer = setTimeout(() => {
    hasTime = false;
    resolve();
  }, limitMs);
  try {
    await Promise.race([work(() => hasTime), end]);
  } finally {
    clearTimeout(timer);
  }
}
