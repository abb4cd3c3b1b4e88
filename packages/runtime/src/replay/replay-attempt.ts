import {
  BUNDLE_FORMAT,
  ConnectionError,
  createConnections,
  createTokenSeal,
  isErrorCode,
  noteCall,
  type AttemptBundle,
  type Connections,
} from "@perennial/connections";
import { openStore } from "@perennial/db";
import { createFacebookLogin, createInstagramLogin, createTransport } from "@perennial/instagram";
import { createSecretKey, randomBytes } from "node:crypto";
import { z } from "zod";

import { faultOfStep, type ReplayedFault } from "./fault-of-step.ts";

/** What a replay needs of a simulator: a fresh one, which nobody else uses. */
export type ReplaySimulator = {
  origin: string;
  facebookOrigin: string;
  instagramApp: { clientId: string; clientSecret: string };
  facebookApp: { clientId: string; clientSecret: string };
  clock: { now(): Date; advance(by: { days: number }): void };
  addFault(fault: ReplayedFault): void;
  /** Allows the connection as a person of the simulator's cast, and gives the address that is opened then. */
  authorize(input: { authorizationUrl: string; user: string }): Promise<string>;
};

/** How an attempt ended. */
export type Ending = Pick<AttemptBundle, "code" | "upstreamReason" | "step">;

const PEOPLE = { instagram: "acme.shop", facebook: "alex.kim.shop" } as const;
const APP_URL = "http://localhost:5173";
const DAY_MS = 86_400_000;

const nullableText = z.string().max(200).nullable();

const bundleSchema = z.object({
  format: z.literal(BUNDLE_FORMAT),
  kind: z.enum(["sign_in", "refresh", "restore", "proof", "import", "validate"]),
  flavour: z.enum(["instagram", "facebook"]),
  code: z.string().refine(isErrorCode).nullable(),
  upstreamReason: nullableText,
  step: nullableText,
  steps: z
    .array(
      z.object({
        operation: z.string().max(60),
        host: z.string().max(260),
        startedAt: z.string().max(40),
        durationMs: z.number().nonnegative(),
        httpStatus: z.int().nullable(),
        errorCode: nullableText,
        reason: nullableText,
        metaCode: z.number().nullable(),
        metaSubcode: z.number().nullable(),
        traceId: nullableText,
      }),
    )
    .max(100),
});

/** Reads a bundle that was exported. @throws {TypeError} when it is none */
export function parseBundle(text: string): AttemptBundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TypeError("This is not an exported attempt: it is no JSON.", { cause });
  }
  const parsed = bundleSchema.safeParse(json);
  if (!parsed.success) throw new TypeError("This is not an exported attempt of this version.");
  return parsed.data as AttemptBundle;
}

/**
 * Plays an attempt again: the same calls, made to fail in the same way, against a simulator, on a database in memory.
 * What comes of it is what this version makes of those answers.
 */
export async function replayAttempt(bundle: AttemptBundle, simulator: ReplaySimulator): Promise<Ending> {
  await using stack = new AsyncDisposableStack();
  const transport = stack.use(createTransport());
  const store = stack.use(await openStore("file::memory:"));
  const toCalls = { transport, now: () => simulator.clock.now(), onCall: noteCall };
  const { origin, facebookOrigin } = simulator;
  const connections = createConnections({
    store,
    logins: {
      instagram: createInstagramLogin({
        app: simulator.instagramApp,
        origins: { authorize: origin, api: origin, graph: origin },
        ...toCalls,
      }),
      facebook: createFacebookLogin({
        app: simulator.facebookApp,
        origins: { dialog: facebookOrigin, graph: facebookOrigin },
        ...toCalls,
      }),
    },
    seal: createTokenSeal([{ id: "replay", key: randomBytes(32) }]),
    schedule: { leadMs: 30 * DAY_MS, urgentMs: 7 * DAY_MS, periodMs: 900_000 },
    leaseMs: 15_000,
    sendAlert: null,
    sinkWriter: null,
    processes: 1,
    linkKey: createSecretKey(randomBytes(32)),
    callbackSecrets: [],
    appUrl: APP_URL,
    now: () => simulator.clock.now(),
    wallNow: () => new Date(),
    isClockWrong: () => false,
    random: () => 0.5,
    onEvent: () => {}, // nobody listens to a replay
  });
  const fail = (): void => {
    for (const step of bundle.steps) {
      const fault = faultOfStep(step, bundle.flavour);
      if (fault !== null) simulator.addFault(fault);
    }
  };
  return bundle.kind === "sign_in"
    ? await replaySignIn(connections, simulator, bundle, fail)
    : await replayLater(connections, simulator, bundle, fail);
}

async function replaySignIn(
  connections: Connections,
  simulator: ReplaySimulator,
  bundle: AttemptBundle,
  fail: () => void,
): Promise<Ending> {
  return await endingOf(signIn(connections, simulator, bundle.flavour, fail));
}

/** What happens to a connection that is there: it is made first, well. */
async function replayLater(
  connections: Connections,
  simulator: ReplaySimulator,
  { kind, flavour }: AttemptBundle,
  fail: () => void,
): Promise<Ending> {
  const { userId, connectionId } = await signIn(connections, simulator, flavour);
  simulator.clock.advance({ days: 35 });
  const token = await connections.handOut({ connectionId, trigger: "cli" });
  fail();
  if (kind === "import") {
    const request = { text: token.accessToken, userId, trigger: "cli", accountIds: null } as const;
    return await endingOf(connections.importToken({ ...request, connectionId, expiresInSeconds: null }));
  }
  if (kind === "validate") await connections.validate({ connectionId, userId, trigger: "cli" });
  else await connections.refresh({ connectionId, userId, trigger: "cli", force: true });
  const [newest] = await connections.history({ userId, connectionId, limit: 1, before: null });
  const { problem = null, upstreamReason = null } = newest ?? {};
  return { code: problem?.code ?? null, upstreamReason, step: null };
}

async function signIn(
  connections: Connections,
  simulator: ReplaySimulator,
  flavour: AttemptBundle["flavour"],
  fail: () => void = () => {},
): Promise<{ userId: string; connectionId: string }> {
  const begun = await connections.beginSignIn({
    flavour,
    returnTo: "/connections",
    linkUserId: null,
    forceReauth: false,
    reconnectLink: null,
    reconnectConnectionId: null,
    rerequest: false,
  });
  const { authorizationUrl, attemptId, browserSecret } = begun;
  const address = await simulator.authorize({ authorizationUrl, user: PEOPLE[flavour] });
  fail();
  const result = await connections.completeSignIn({
    flavour,
    query: new URL(address).search,
    browserSecretOf: (id) => (id === attemptId ? browserSecret : null),
    sessionId: null,
    userAgent: null,
  });
  if (result.kind !== "signed_in") throw new Error("The person of a replay has one account only.");
  return result;
}

async function endingOf(work: Promise<unknown>): Promise<Ending> {
  try {
    await work;
    return { code: null, upstreamReason: null, step: null };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { code: error.code, upstreamReason: error.reason, step: error.step };
  }
}
