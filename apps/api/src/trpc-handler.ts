import type { Runtime } from "@perennial/runtime";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import type { ApiContext } from "./context.ts";
import { cookieNames, createAttemptCookies, createCookieJar } from "./cookies.ts";
import { appRouter } from "./router/index.ts";
import type { SessionTokens } from "./session-token.ts";

/** Calls in one batch: more is refused before any of them runs. */
const MAX_BATCH_SIZE = 10;

/** Serves `/trpc`: reads the cookies, finds the session, and hands both to the procedures. */
export function createTrpcHandler(
  runtime: Runtime,
  tokens: SessionTokens,
): (request: Request, requestId: string) => Promise<Response> {
  const names = cookieNames(runtime.config.appUrl);
  const { connections, simulatorClock, log } = runtime;

  const createContext = async (request: Request, answer: Headers, requestId: string): Promise<ApiContext> => {
    const cookies = createCookieJar(request.headers.get("cookie"), answer, names.isSecure);
    const presented = cookies.get(names.session);
    const sessionId = presented === null ? null : await tokens.read(presented);
    const live = sessionId === null ? null : await connections.findSession(sessionId);
    return {
      connections,
      session: live === null || sessionId === null ? null : { ...live, sessionId },
      presentedSessionId: sessionId,
      openSession: async (session) => {
        const maxAgeSeconds = Math.floor((session.expiresAt.getTime() - Date.now()) / 1000);
        cookies.set(names.session, await tokens.sign(session), { maxAgeSeconds });
      },
      closeSession: () => {
        for (const name of [names.session, ...cookies.names(names.attemptPrefix)]) cookies.clear(name);
      },
      attemptCookies: createAttemptCookies(cookies, names.attemptPrefix),
      simulator: simulatorClock,
      userAgent: request.headers.get("user-agent"),
      requestId,
    };
  };

  return (request, requestId) =>
    fetchRequestHandler({
      endpoint: "/trpc",
      req: request,
      router: appRouter,
      maxBatchSize: MAX_BATCH_SIZE,
      createContext: ({ resHeaders }) => createContext(request, resHeaders, requestId),
      responseMeta: () => ({ headers: { "cache-control": "no-store" } }),
      onError: ({ error, path }) => {
        if (error.code !== "INTERNAL_SERVER_ERROR" && error.code !== "SERVICE_UNAVAILABLE") return;
        log.error({ event: "api.failed", requestId, path, err: error.cause ?? error }, "a call failed");
      },
    });
}
