import type { Flavour } from "@perennial/db";
import type { InstagramErrorReason } from "@perennial/instagram";

import { catalogueEntry } from "../catalogue/catalogue.ts";
import { WRONG_SECRET } from "../catalogue/upstream-sign-in.ts";
import type { ConnectionErrorCode } from "../errors.ts";
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
};

const HOSTS = { instagram: "Instagram", facebook: "Facebook" } as const;

/** The causes of a failure, the surest first: what the evidence shows, then what the catalogue knows beside. */
export function rankCauses(failure: FailureFacts, evidence: Evidence): RankedCause[] {
  const { code, upstreamReason } = failure;
  const found = CLUES.flatMap((clue) => clue(failure, evidence) ?? []);
  const others = catalogueEntry(code, upstreamReason)
    .causes.filter((cause) => !found.some((known) => known.cause === cause))
    .filter((cause) => cause !== WRONG_SECRET || evidence.credentials !== "accepted")
    .map((cause): RankedCause => ({ cause, verdict: "possible", seen: null }));
  const order = { shown: 0, likely: 1, possible: 2 } as const;
  return [...found, ...others].sort((left, right) => order[left.verdict] - order[right.verdict]);
}

type Clue = (failure: FailureFacts, evidence: Evidence) => RankedCause | null;

/** Each looks for one thing, and says nothing where it sees nothing. */
const CLUES: readonly Clue[] = [
  exchangedPairs,
  wrongSecret,
  redirectAddress,
  mendedSince,
  noRoleInTheApp,
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
    seen: `${HOSTS[flavour]} accepts the app secret in a call of its own, so it is not that.`,
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

/** The code was good, and then nothing was allowed: it is the account that the app may not work with. */
function noRoleInTheApp({ code, steps, flavour }: FailureFacts): RankedCause | null {
  const exchanged = steps.some((step) => step.operation === "exchange_code" && step.errorCode === null);
  const later = steps.filter((step) => step.operation !== "exchange_code");
  const refused = later.filter((step) => step.reason === "unsupported_request");
  if (code !== "app_not_available" || !exchanged || refused.length === 0) return null;
  return {
    cause: "The account has no role in the app, which is in development or has standard access only.",
    verdict: refused.length === later.length ? "shown" : "likely",
    seen: `${HOSTS[flavour]} took the code and gave a token, and refused ${refused.length} of the ${later.length} calls that followed.`,
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
