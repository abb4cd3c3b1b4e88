import { errors, jwtVerify, SignJWT } from "jose";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";

const AUDIENCE = "perennial-reconnect";
const TYPE = "reconnect+jwt";
const ALGORITHM = "HS256";

/** How long a reconnect link is good for: whoever reads the message a week later is still helped. */
export const RECONNECT_LINK_LIFETIME_MS = 14 * 86_400_000;

/**
 * A link that reconnects one account: signed, with an end, and of no use for any other account. It opens
 * nothing by itself; the person still signs in at Instagram. What is signed stands behind the `#`, which
 * browsers keep to themselves.
 */
export async function createReconnectLink(
  deps: Pick<ConnectionsDeps, "appUrl" | "linkKey" | "wallNow">,
  connectionId: string,
): Promise<string> {
  const now = deps.wallNow();
  const signed = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setSubject(connectionId)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(new Date(now.getTime() + RECONNECT_LINK_LIFETIME_MS))
    .sign(deps.linkKey);
  return `${deps.appUrl}/reconnect#${signed}`;
}

/**
 * The id of the connection that a link is for.
 *
 * @throws {ConnectionError} `reconnect_link_invalid` when it is forged, damaged or over.
 */
export async function readReconnectLink(
  deps: Pick<ConnectionsDeps, "linkKey" | "wallNow">,
  signed: string,
): Promise<string> {
  try {
    const { payload } = await jwtVerify(signed, deps.linkKey, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      typ: TYPE,
      currentDate: deps.wallNow(),
      requiredClaims: ["sub", "exp"],
    });
    if (payload.sub !== undefined) return payload.sub;
  } catch (error) {
    if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error;
  }
  throw new ConnectionError("reconnect_link_invalid");
}
