import { SignJWT, errors, jwtVerify } from "jose";

const AUDIENCE = "perennial-session";
const TYPE = "session+jwt";
const ALGORITHM = "HS256";

/** Signs and reads the token that the session cookie carries. */
export type SessionTokens = {
  sign(session: { id: string; userId: string; expiresAt: Date }): Promise<string>;
  /** The session id inside a genuine token; null for anything else, however it is broken. */
  read(token: string): Promise<string | null>;
};

/** Prepares the signing key once: signing with a text each time costs fifty times as much. */
export async function createSessionTokens(secret: string): Promise<SessionTokens> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  return {
    sign: ({ id, userId, expiresAt }) =>
      new SignJWT({ sid: id })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(userId)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(key),
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
