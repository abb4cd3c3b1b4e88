import { InstagramError } from "../errors.ts";
import type { LongLivedToken } from "../long-lived-token.ts";
import { longLivedExpiry, toldEnd } from "../token-life.ts";
import type { Inspection } from "./inspect-token.ts";
import type { TokenReport } from "./token-report.ts";

type Ends = Pick<LongLivedToken, "expiresAt" | "isExpiryEstimated" | "dataAccessExpiresAt" | "hasNoExpiry">;
type ToldEnds = Pick<TokenReport, "expiresAt" | "dataAccessExpiresAt" | "hasNoExpiry">;

/** How long a token without any end is trusted before it has to prove that it lives. */
const UNENDING_MS = 90 * 86_400_000;

/** A person's token of less than this is a short-lived one; the shortest of the others live about 60 days. */
const SHORT_LIFE_MS = 24 * 3_600_000;

/**
 * The ends of a token that has just been inspected.
 *
 * @throws {InstagramError} `token_expired` when one of them has passed: the token may still be called valid then,
 *   but is of no use.
 */
export function endsOfToken({ report, asOf }: Inspection): Ends {
  return endsOf(report, asOf);
}

/**
 * The ends of the Page tokens a person's token gives: without an expiry date if it is a long-lived one, else
 * with its own. The access to the data ends with the person's.
 *
 * @throws {InstagramError} `token_expired` when the access has ended.
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 */
export function endsOfPageTokens({ report, asOf }: Inspection): Ends {
  return endsOf(
    isShortLived(report, asOf) ? report : { ...report, expiresAt: null, hasNoExpiry: true },
    asOf,
  );
}

function isShortLived({ issuedAt, expiresAt }: TokenReport, asOf: Date): boolean {
  return expiresAt !== null && expiresAt.getTime() - (issuedAt ?? asOf).getTime() < SHORT_LIFE_MS;
}

function endsOf({ expiresAt, dataAccessExpiresAt, hasNoExpiry }: ToldEnds, asOf: Date): Ends {
  refusePast(expiresAt, asOf, "token_expired");
  refusePast(dataAccessExpiresAt, asOf, "data_access_ended");
  const told = [expiresAt, dataAccessExpiresAt]
    .filter((end) => end !== null)
    .map((end) => toldEnd(asOf, end));
  const guess = guessedEnd(asOf, {
    isExpiryTold: hasNoExpiry || expiresAt !== null,
    isAnyTold: told.length > 0,
  });
  const soonest = [...told, ...guess].reduce((first, end) => (end < first ? end : first));
  return { expiresAt: soonest, isExpiryEstimated: guess.includes(soonest), dataAccessExpiresAt, hasNoExpiry };
}

/** A token of which nothing was told is trusted for the shortest credible life, never taken for one without end. */
function guessedEnd(
  asOf: Date,
  { isExpiryTold, isAnyTold }: { isExpiryTold: boolean; isAnyTold: boolean },
): Date[] {
  if (!isExpiryTold) return [longLivedExpiry(asOf, undefined).expiresAt];
  return isAnyTold ? [] : [new Date(asOf.getTime() + UNENDING_MS)];
}

function refusePast(end: Date | null, asOf: Date, reason: "token_expired" | "data_access_ended"): void {
  if (end !== null && end <= asOf) {
    throw new InstagramError({ code: "token_expired", reason, operation: "inspect_token" });
  }
}
