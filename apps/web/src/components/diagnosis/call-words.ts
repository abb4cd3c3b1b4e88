import type { AttemptStep } from "../../lib/trpc.ts";

const CALLS: Record<AttemptStep["operation"], string> = {
  exchange_code: "Exchange the code for a token",
  exchange_for_long_lived_token: "Exchange it for a sixty-day token",
  refresh_long_lived_token: "Renew the token",
  fetch_profile: "Ask whose account it is",
  fetch_profile_details: "Read name, picture and figures",
  fetch_recent_media: "Read the newest posts",
  fetch_publishing_quota: "Read how much may be published",
  probe_token: "See whether the token lives",
  inspect_token: "Ask Facebook about the token",
  fetch_pages: "List the Pages",
  fetch_permissions: "Read what was granted",
  revoke: "Take the permissions back",
  check_credentials: "Check app id and secret",
};

/** What a call was for. */
export function callWords({ operation }: Pick<AttemptStep, "operation">): string {
  return CALLS[operation];
}

/** "no answer", "fine", "refused". */
export function outcomeWords({
  errorCode,
  httpStatus,
}: Pick<AttemptStep, "errorCode" | "httpStatus">): string {
  if (errorCode === null) return "fine";
  if (httpStatus === null) return "no answer";
  return errorCode === "transient" || errorCode === "rate_limited" ? "put off" : "refused";
}

/** "340 ms, HTTP 400, error 190 (460)": what a developer looks for. */
export function callFacts(step: AttemptStep): string {
  const { durationMs, httpStatus, metaCode, metaSubcode } = step;
  const took = durationMs < 1_000 ? `${durationMs} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
  const facts = [took, httpStatus === null ? "no HTTP status" : `HTTP ${httpStatus}`];
  if (metaCode !== null) facts.push(`error ${metaCode}${metaSubcode === null ? "" : ` (${metaSubcode})`}`);
  return facts.join(", ");
}
