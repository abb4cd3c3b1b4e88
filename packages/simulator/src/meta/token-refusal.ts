import type { Call } from "../endpoint.ts";
import type { Death, TokenRecord } from "../token-record.ts";
import type { GraphFailure } from "./graph-reply.ts";
import { expiredMessage, usualFailure } from "./messages.ts";

/** The token a graph request carries, in the query, as a bearer header or in its form; empty without one. */
export function presentedToken(call: Call): string {
  return call.query.get("access_token") ?? call.bearer ?? call.form.get("access_token") ?? "";
}

/** What a graph host says to a token that is none, or that belongs to the other host. */
export const CANNOT_PARSE: GraphFailure = {
  code: 190,
  message: "Invalid OAuth access token - Cannot parse access token",
};

/** "Unsupported request": a fault of the app's set-up that speaks of the method only. */
export function unsupported(call: Call): GraphFailure {
  const message = `Unsupported request - method type: ${call.method.toLowerCase()}`;
  return { code: 100, type: "IGApiException", message };
}

/** How Graph tells why a token does not work. */
export function deathFailure(dead: Death, token: TokenRecord, nowMs: number): GraphFailure {
  if (dead === "expired") {
    return { code: 190, subcode: 463, message: expiredMessage(token.expiresAtMs, nowMs) };
  }
  return usualFailure(190, dead === "replaced" ? null : dead.subcode, token.lineage.appId);
}

/** With a bearer header an invalid token is answered as RFC 6750 says. */
export function invalidToken(call: Call, failure: GraphFailure): GraphFailure {
  if (call.bearer === undefined) return failure;
  const challenge = `OAuth "Facebook Platform" "invalid_token" "${failure.message}"`;
  return { ...failure, status: 401, headers: ["WWW-Authenticate", challenge] };
}
