import type { Flavour } from "@perennial/db";
import type { InstagramErrorReason } from "@perennial/instagram";

import { catalogueEntry } from "../catalogue/catalogue.ts";
import { NOT_APPROVED, UNTICKED } from "../catalogue/upstream-app.ts";
import { WRONG_SECRET } from "../catalogue/upstream-sign-in.ts";
import type { ConnectionErrorCode } from "../errors.ts";
import type { During } from "../cure-of.ts";
import type { AttemptStep } from "../transcript.ts";
import type { Evidence } from "./gather-evidence.ts";

/** A cause, how sure it is, and what was seen that speaks for it. */
export type RankedCause = {
  cause: string;
  /** `shown`: what was seen leaves nothing else. `likely`: it speaks for it. `possible`: nothing speaks against it. */
  verdict: "shown" | "likely" | "possible";
  seen: string | null;
};

/** A failure as it is to be explained. */
export type FailureFacts = {
  code: ConnectionErrorCode;
  upstreamReason: InstagramErrorReason | null;
  flavour: Flavour;
  steps: readonly AttemptStep[];
  during: During;
  /** What was asked for and not granted; null where nobody said what was. */
  missingScopes: readonly string[] | null;
};

const HOSTS = { instagram: "Instagram", facebook: "Facebook" } as const;

/** The causes of a failure, the surest first: what the evidence shows, then what the catalogue knows beside. */
export function rankCauses(failure: FailureFacts, evidence: Evidence): RankedCause[] {
  const { code, upstreamReason } = failure;
  const found = CLUES.flatMap((clue) => clue(failure, evidence) ?? []);
  const others = catalogueEntry(code, upstreamReason)
    .causes.filter((cause) => !found.some((known) => known.cause === cause))
    .filter((cause) => !isRuledOut(cause, failure, evidence))
    .map((cause): RankedCause => ({ cause, verdict: "possible", seen: null }));
  const order = { shown: 0, likely: 1, possible: 2 } as const;
  return [...found, ...others].sort((left, right) => order[left.verdict] - order[right.verdict]);
}

/** Whether what was seen speaks against a cause that the catalogue knows. */
function isRuledOut(cause: string, { missingScopes }: FailureFacts, { credentials }: Evidence): boolean {
  if (cause === WRONG_SECRET) return credentials === "accepted";
  return cause === UNTICKED && missingScopes?.length === 0;
}

type Clue = (failure: FailureFacts, evidence: Evidence) => RankedCause | null;

/** Each looks for one thing, and says nothing where it sees nothing. */
const CLUES: readonly Clue[] = [
  exchangedPairs,
  wrongSecret,
  redirectAddress,
  mendedSince,
  noRoleInTheApp,
  noRoleSaidAtLogin,
  unticked,
  notApproved,
  endedAtOnce,
  dataAccessOfBefore,
  tokenOfSomebodyElse,
  onlyTheDetails,
  network,
  passed,
  clock,
];

/** Codes that an app's id, secret or addresses can be behind. */
const OF_APP: ReadonlySet<ConnectionErrorCode> = new Set(["invalid_client", "redirect_uri_mismatch"]);

function exchangedPairs(
  { code, flavour }: FailureFacts,
  { exchanged, credentials }: Evidence,
): RankedCause | null {
  if (!OF_APP.has(code) || exchanged !== "accepted" || credentials !== "refused") return null;
  return {
    cause: "The ids and secrets of the two logins were exchanged.",
    verdict: "shown",
    seen: `${HOSTS[flavour]} refuses the pair it was given, and accepts the other login's.`,
  };
}

function wrongSecret(
  { code, flavour }: FailureFacts,
  { credentials, exchanged }: Evidence,
): RankedCause | null {
  if (!OF_APP.has(code) || credentials !== "refused" || exchanged === "accepted") return null;
  return {
    cause: WRONG_SECRET,
    verdict: "shown",
    seen: `Asked without a person, ${HOSTS[flavour]} refuses the pair, too.`,
  };
}

function redirectAddress({ code, flavour }: FailureFacts, { credentials }: Evidence): RankedCause | null {
  if (code !== "redirect_uri_mismatch" || credentials !== "accepted") return null;
  return {
    cause: "The redirect address is not registered exactly as it is used.",
    verdict: "likely",
    seen: `${HOSTS[flavour]} accepts the app secret in a call of its own, so the secret is right.`,
  };
}

function mendedSince({ code, flavour }: FailureFacts, { credentials }: Evidence): RankedCause | null {
  if (code !== "invalid_client" || credentials !== "accepted") return null;
  return {
    cause: "Id or secret was put right since.",
    verdict: "likely",
    seen: `${HOSTS[flavour]} accepts the pair now.`,
  };
}

const NO_ROLE = "The account has no role in the app, which is in development or has standard access only.";

/** Whether a code was exchanged: then the token is seconds old. */
function isTokenNew({ during, steps }: FailureFacts): boolean {
  const isExchanged = steps.some((step) => step.operation === "exchange_code" && step.errorCode === null);
  return during === "sign_in" && isExchanged;
}

/** The code was good, and then nothing was allowed: it is the account that the app may not work with. */
function noRoleInTheApp(failure: FailureFacts): RankedCause | null {
  const { code, steps, flavour } = failure;
  const later = steps.filter((step) => step.operation !== "exchange_code");
  const refused = later.filter((step) => step.reason === "unsupported_request");
  if (code !== "app_not_available" || !isTokenNew(failure) || refused.length === 0) return null;
  return {
    cause: NO_ROLE,
    verdict: refused.length === later.length ? "shown" : "likely",
    seen: `${HOSTS[flavour]} took the code and gave a token, and refused ${refused.length} of the ${later.length} calls that followed.`,
  };
}

/** No call was made: the login page itself let nobody in. */
function noRoleSaidAtLogin({ code, during, steps, flavour }: FailureFacts): RankedCause | null {
  if (code !== "app_not_available" || during !== "sign_in" || steps.length > 0) return null;
  return {
    cause: NO_ROLE,
    verdict: "shown",
    seen: `${HOSTS[flavour]} sent this word in place of a code.`,
  };
}

function unticked({ code, missingScopes }: FailureFacts): RankedCause | null {
  if (code !== "permission_missing" || missingScopes === null || missingScopes.length === 0) return null;
  return {
    cause: UNTICKED,
    verdict: "shown",
    seen: `Asked for and not granted: ${missingScopes.join(", ")}.`,
  };
}

/** Everything was granted and a call was refused all the same: then it is the app that may not do it. */
function notApproved(failure: FailureFacts): RankedCause | null {
  const { code, upstreamReason, missingScopes, steps, flavour } = failure;
  if (code !== "permission_missing" || upstreamReason !== "permission_missing" || !isTokenNew(failure))
    return null;
  // The Pages are refused only where the permission to list them was read back.
  const isReadBack =
    steps.some((step) => step.operation === "fetch_permissions" && step.errorCode === null) &&
    steps.some((step) => step.operation === "fetch_pages" && step.errorCode === code);
  if (missingScopes?.length !== 0 && !isReadBack) return null;
  return {
    cause: NOT_APPROVED,
    verdict: "likely",
    seen: `${HOSTS[flavour]} says that the person granted what was asked for.`,
  };
}

/** What is said of old tokens cannot be so of one that is seconds old. */
function endedAtOnce(failure: FailureFacts): RankedCause | null {
  if (failure.upstreamReason !== "token_expired" || !isTokenNew(failure)) return null;
  return {
    cause: "Meta ended the session while the sign-in was under way.",
    verdict: "likely",
    seen: "The token was seconds old when it was said to have expired.",
  };
}

function dataAccessOfBefore(failure: FailureFacts): RankedCause | null {
  if (failure.upstreamReason !== "data_access_ended" || !isTokenNew(failure)) return null;
  return {
    cause:
      "Facebook took this login for an earlier one, whose access has ended: remove the app under Apps and websites, and sign in again.",
    verdict: "likely",
    seen: "The token was seconds old when its access to data was said to have ended.",
  };
}

function tokenOfSomebodyElse(failure: FailureFacts): RankedCause | null {
  if (failure.upstreamReason !== "foreign_app" || !isTokenNew(failure)) return null;
  return {
    cause:
      "Something between here and Facebook, such as a proxy or a cache, gave the answer to somebody else's call.",
    verdict: "likely",
    seen: "This site's own app exchanged the code, and the token that came belongs to another one.",
  };
}

function onlyTheDetails({ code, steps }: FailureFacts): RankedCause | null {
  const failed = steps.filter((step) => step.errorCode !== null);
  const isOneOfSeveral = failed.length === 1 && steps.length > 1;
  if (code !== "transient" || !isOneOfSeveral || failed[0]?.httpStatus === null) return null;
  return {
    cause: "A fault that hit one call only.",
    verdict: "likely",
    seen: `${steps.length - 1} of ${steps.length} calls were answered as they should be.`,
  };
}

function network({ code, flavour }: FailureFacts, evidence: Evidence): RankedCause | null {
  const { credentials, otherCredentials } = evidence;
  if (code !== "transient" || credentials !== "not_reached") return null;
  if (otherCredentials === null) return null;
  return otherCredentials === "not_reached"
    ? {
        cause: "This machine does not reach the internet, or something stops it on the way.",
        verdict: "likely",
        seen: "Neither Instagram nor Facebook can be reached from here now.",
      }
    : {
        cause: `${HOSTS[flavour]} cannot be reached, while its sister can.`,
        verdict: "shown",
        seen: "Only one of the two hosts does not answer.",
      };
}

function passed({ code, flavour }: FailureFacts, { credentials }: Evidence): RankedCause | null {
  if (code !== "transient" || credentials !== "accepted") return null;
  return {
    cause: "It has passed.",
    verdict: "likely",
    seen: `${HOSTS[flavour]} answers now as it should.`,
  };
}

const OF_TIME: ReadonlySet<ConnectionErrorCode> = new Set([
  "code_expired",
  "token_expired",
  "token_too_young",
]);

function clock({ code }: FailureFacts, { isClockWrong }: Evidence): RankedCause | null {
  if (!OF_TIME.has(code) || !isClockWrong) return null;
  return {
    cause: "This machine's clock is wrong.",
    verdict: "likely",
    seen: "The dates of Meta's answers are far from our own.",
  };
}
