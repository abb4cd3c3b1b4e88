import { VISITOR, coarseNetworkOf } from "@perennial/connections";
import type { Runtime } from "@perennial/runtime";
import type { Context } from "hono";

import { addressOf, type ClientAddress } from "./client-address.ts";
import type { ApiContext, Installation } from "./context.ts";
import { cookieNames, createAttemptCookies, createCookieJar } from "./cookies.ts";
import { admit, perMinute, placeOf } from "./limits.ts";
import { mayOperate } from "./may-operate.ts";
import type { SessionTokens } from "./session-token.ts";
import { createStreamGate } from "./stream-gate.ts";

/** What one person, and everybody at one address together, may ask for in a minute. */
const MOST_OF_USER = { change: 600, read: 3_000 };
const MOST_OF_ADDRESS = { change: 3_000, read: 15_000 };
/** Reports that everybody at one address may ask for in a minute; most of them cost nothing anew. */
const REPORTS_OF_ADDRESS = 60;

/** What calls are told of the request they came by, whichever server took it. */
export type RequestFacts = {
  header(name: string): string | undefined;
  /** The name that was asked for. */
  hostname(): string;
  /** Canonical; null where nobody can say. */
  address: string | null;
};

/** The facts of Hono's request. */
export function factsOf(context: Context, clientAddress: ClientAddress): RequestFacts {
  return {
    header: (name) => context.req.header(name),
    hostname: () => new URL(context.req.url).hostname,
    address: addressOf(context, clientAddress),
  };
}

/** Makes what the procedures are handed from a request; the cookies they set go to `setCookie`. */
export type CreateContext = (
  facts: RequestFacts,
  setCookie: (cookie: string) => void,
  requestId: string,
) => Promise<ApiContext>;

/** Reads the cookies of a request, and finds the session it acts under. */
export function createContextFactory(
  runtime: Runtime,
  tokens: SessionTokens,
  installation: Installation,
): CreateContext {
  const names = cookieNames(runtime.config.appUrl);
  const { config, connections, simulatorClock } = runtime;
  const { limiter } = connections;
  const streams = createStreamGate();

  return async ({ header, hostname, address }, setCookie, requestId) => {
    const cookies = createCookieJar(header("cookie"), setCookie, names.isSecure);
    const presented = cookies.get(names.session);
    const sessionId = presented === null ? null : await tokens.read(presented);
    const live = sessionId === null ? null : await connections.findSession(sessionId);
    const place = placeOf(address);
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
      installation,
      mayOperate: () => mayOperate(config, { userId: live?.userId ?? null, hostname: hostname() }),
      userAgent: header("user-agent") ?? null,
      admit: async (kind, procedure) => {
        const isSignIn = kind === "change" && procedure.startsWith("auth.");
        const signIns = isSignIn ? [perMinute(`sign-in ${place}`, config.limits.signIns)] : [];
        const ofUser = live === null ? [] : [perMinute(`${kind} ${live.userId}`, MOST_OF_USER[kind])];
        const refused = await admit(limiter, [
          ...signIns,
          ...ofUser,
          perMinute(`${kind} ${place}`, Math.max(MOST_OF_ADDRESS[kind], config.limits.signIns)),
        ]);
        if (refused !== null) throw refused;
      },
      admitReport: async () => {
        const refused = await admit(limiter, [perMinute(`report ${place}`, REPORTS_OF_ADDRESS)]);
        if (refused !== null) throw refused;
      },
      enterStream: streams.enter,
      requestId,
      acting: {
        actor: live?.userId ?? VISITOR,
        requestId,
        clientNetwork: coarseNetworkOf(address),
      },
    };
  };
}
