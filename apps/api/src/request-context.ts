import type { Runtime } from "@perennial/runtime";
import type { Context } from "hono";

import { addressOf, type ClientAddress } from "./client-address.ts";
import type { ApiContext } from "./context.ts";
import { cookieNames, createAttemptCookies, createCookieJar } from "./cookies.ts";
import { admit, perMinute, placeOf } from "./limits.ts";
import type { SessionTokens } from "./session-token.ts";

/** Changes that one person, or everybody at one address, may make in a minute. */
const CHANGES_OF_USER = 600;
const CHANGES_OF_ADDRESS = 3_000;

/** Makes what the procedures are handed from a request; the cookies they set go to `setCookie`. */
export type CreateContext = (
  context: Context,
  setCookie: (cookie: string) => void,
  requestId: string,
) => Promise<ApiContext>;

/** Reads the cookies of a request, and finds the session it acts under. */
export function createContextFactory(
  runtime: Runtime,
  tokens: SessionTokens,
  clientAddress: ClientAddress,
): CreateContext {
  const names = cookieNames(runtime.config.appUrl);
  const { connections, simulatorClock } = runtime;

  const { limiter } = connections;
  const { config } = runtime;

  return async (context, setCookie, requestId) => {
    const request = context.req;
    const cookies = createCookieJar(request.header("cookie"), setCookie, names.isSecure);
    const presented = cookies.get(names.session);
    const sessionId = presented === null ? null : await tokens.read(presented);
    const live = sessionId === null ? null : await connections.findSession(sessionId);
    return {
      connections,
      session: live === null || sessionId === null ? null : { ...live, sessionId },
      presentedSessionId: sessionId,
      openSession: (session) => {
        const maxAgeSeconds = Math.floor((session.expiresAt.getTime() - Date.now()) / 1000);
        cookies.set(names.session, tokens.sign(session), { maxAgeSeconds });
      },
      closeSession: () => {
        for (const name of [names.session, ...cookies.names(names.attemptPrefix)]) cookies.clear(name);
      },
      attemptCookies: createAttemptCookies(cookies, names.attemptPrefix),
      simulator: simulatorClock,
      userAgent: request.header("user-agent") ?? null,
      admitChange: async (procedure) => {
        const place = placeOf(addressOf(context, clientAddress));
        const signIns = procedure.startsWith("auth.")
          ? [perMinute(`sign-in ${place}`, config.limits.signIns)]
          : [];
        const ofUser = live === null ? [] : [perMinute(`change ${live.userId}`, CHANGES_OF_USER)];
        const refused = await admit(limiter, [
          ...signIns,
          ...ofUser,
          perMinute(`change ${place}`, Math.max(CHANGES_OF_ADDRESS, config.limits.signIns)),
        ]);
        if (refused !== null) throw refused;
      },
      requestId,
      origin: { requestId, address: addressOf(context, clientAddress) },
    };
  };
}
