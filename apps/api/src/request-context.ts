import type { Runtime } from "@perennial/runtime";
import type { Context } from "hono";

import type { ApiContext } from "./context.ts";
import { cookieNames, createAttemptCookies, createCookieJar } from "./cookies.ts";
import type { SessionTokens } from "./session-token.ts";

/** Makes what the procedures are handed from a request; the cookies they set go to `setCookie`. */
export type CreateContext = (
  request: Context["req"],
  setCookie: (cookie: string) => void,
  requestId: string,
) => Promise<ApiContext>;

/** Reads the cookies of a request, and finds the session it acts under. */
export function createContextFactory(runtime: Runtime, tokens: SessionTokens): CreateContext {
  const names = cookieNames(runtime.config.appUrl);
  const { connections, simulatorClock } = runtime;

  return async (request, setCookie, requestId) => {
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
      requestId,
    };
  };
}
