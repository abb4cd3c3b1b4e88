import type { Flavour } from "@perennial/db";
import { InstagramError, type Login } from "@perennial/instagram";

import type { ConnectionsDeps } from "../deps.ts";
import type { ConnectionErrorCode } from "../errors.ts";

/** What Meta may make of an app's id and secret when asked without a person. `unclear`: it answered something else. */
export const CREDENTIALS_VERDICTS = ["accepted", "refused", "unclear", "not_reached"] as const;

/** One of {@link CREDENTIALS_VERDICTS}. */
export type CredentialsVerdict = (typeof CREDENTIALS_VERDICTS)[number];

/** What small calls of our own have shown. */
export type Evidence = {
  /** The app of the login that failed. */
  credentials: CredentialsVerdict;
  /** The app of the other login, at its own host; null where there is none. */
  otherCredentials: CredentialsVerdict | null;
  /** The other login's id and secret at the host of the one that failed; null where there is none. */
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

/** Evidence is kept for so long: a page that is loaded again costs Meta nothing. */
const KEPT_MS = 60_000;

/**
 * Asks for evidence about a login after a failure, and keeps it for a minute. What was found out before the failure
 * says nothing about it: the app secret may have been changed since, and the outage begun.
 */
export type EvidenceSource = (failure: {
  code: ConnectionErrorCode;
  flavour: Flavour;
  failedAt: Date | null;
}) => Promise<Evidence>;

/** Failures that an answer to a call of our own says something about. After a throttle a call would only harm. */
const OF_INTEREST: ReadonlySet<ConnectionErrorCode> = new Set([
  "invalid_client",
  "redirect_uri_mismatch",
  "transient",
]);

/** Makes the source of one process. */
export function createEvidenceSource(deps: ConnectionsDeps): EvidenceSource {
  const kept = new Map<Flavour, { evidence: Promise<Evidence>; askedAtMs: number }>();
  return async ({ code, flavour, failedAt }) => {
    if (!OF_INTEREST.has(code)) return { ...NO_EVIDENCE, isClockWrong: deps.isClockWrong() };
    const nowMs = deps.now().getTime();
    const known = kept.get(flavour);
    const isOfBefore = known !== undefined && failedAt !== null && known.askedAtMs < failedAt.getTime();
    if (known !== undefined && !isOfBefore && nowMs - known.askedAtMs < KEPT_MS) return known.evidence;
    const evidence = gather(deps, flavour);
    kept.set(flavour, { evidence, askedAtMs: nowMs });
    evidence.catch(() => kept.delete(flavour)); // a fault of ours is not kept
    return evidence;
  };
}

async function gather(
  { logins, exchangedLogins = {}, isClockWrong }: ConnectionsDeps,
  flavour: Flavour,
): Promise<Evidence> {
  const other = flavour === "instagram" ? "facebook" : "instagram";
  const [credentials, otherCredentials, exchanged] = await Promise.all([
    verdictOf(logins[flavour]),
    verdictOf(logins[other]),
    verdictOf(exchangedLogins[flavour]),
  ]);
  return { credentials: credentials ?? "unclear", otherCredentials, exchanged, isClockWrong: isClockWrong() };
}

async function verdictOf(login: Login | undefined): Promise<CredentialsVerdict | null> {
  if (login === undefined) return null;
  try {
    await login.checkCredentials();
    return "accepted";
  } catch (error) {
    if (!(error instanceof InstagramError)) throw error;
    if (error.code === "invalid_client") return "refused";
    return error.reason === "not_reached" ? "not_reached" : "unclear";
  }
}
