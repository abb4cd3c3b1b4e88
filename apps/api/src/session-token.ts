import { errors, jwtVerify } from "jose";
import { createHmac, createSecretKey } from "node:crypto";

const AUDIENCE = "perennial-session";
const TYPE = "session+jwt";
const ALGORITHM = "HS256";
const HEADER = encode({ alg: ALGORITHM, typ: TYPE });

/** Signs and reads the token that the session cookie carries. */
export type SessionTokens = {
  sign(session: { id: string; userId: string; expiresAt: Date }): string;
  /** The session id inside a genuine token; null for anything else, however it is broken. */
  read(token: string): Promise<string | null>;
};

/**
 * Prepares the signing key once. Reading, where what arrives may be forged, is jose's; signing is one HMAC
 * over text of our own, made here because jose's detour through a thread costs eight times as much.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function createSessionTokens(secret: string): SessionTokens {
  const key = createSecretKey(secret, "utf8");
  return {
    sign: ({ id, userId, expiresAt }) => {
      const iat = Math.floor(Date.now() / 1000);
      const exp = Math.floor(expiresAt.getTime() / 1000);
      const signed = `${HEADER}.${encode({ sid: id, sub: userId, aud: AUDIENCE, iat, exp })}`;
      return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
    },
    read: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          audience: AUDIENCE,
          typ: TYPE,
        });
        return typeof payload["sid"] === "string" ? payload["sid"] : null;
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
        throw error;
      }
    },
  };
}

function encode(part: Record<string, string | number>): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
