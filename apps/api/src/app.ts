import { underRequest, type SweepRuns } from "@perennial/connections";
import { createMetrics, diagnose, goingLiveGuide, type Runtime } from "@perennial/runtime";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

import { answerHeaders } from "./answer-headers.ts";
import { createClientAddress } from "./client-address.ts";
import { createCronRoutes } from "./cron.ts";
import { sameOriginOnly } from "./guard.ts";
import { operatorsOnly } from "./operator.ts";
import { createFastMutation } from "./fast-mutation.ts";
import { createMetaRoutes, pathWithoutCode } from "./meta/routes.ts";
import type { Answered, FastPath } from "./node-answer.ts";
import { createOperatorNotes } from "./operator-notes.ts";
import {
  MORE_HAND_OUTS,
  MOST_AT_ONCE,
  MOST_CALLBACKS,
  createOverloadGate,
  shedOverload,
} from "./overload.ts";
import { NO_STORE, problem } from "./problem.ts";
import { createReportSource } from "./report-source.ts";
import { requestIdOf } from "./request-id.ts";
import { securityHeaders } from "./security-headers.ts";
import { createSessionTokens } from "./session-token.ts";
import { createTrpcHandler } from "./trpc-handler.ts";
import { RETRY_AFTER, isDatabaseAway, isMoving } from "./unavailability.ts";
import { createFastToken } from "./v1/fast-token.ts";
import { createV1Routes } from "./v1/routes.ts";
import { createService } from "./v1/service.ts";
import { serveWeb } from "./web-files.ts";

/** What the app asks of its server. */
export type AppOptions = {
  /** The folder of the built web app; null while Vite serves it. */
  webRoot: string | null;
  /** The sweeps that are asked for over HTTP. */
  sweepRuns: SweepRuns;
  /** How many calls are answered at once before others are told to come again; 512 unless given. */
  mostAtOnce?: number;
  /** False once the process is about to end: new work should go elsewhere. */
  isAccepting: () => boolean;
};

const MAX_BODY_BYTES = 128 * 1024;
/** Meta's are a few hundred. */
const MAX_CALLBACK_BYTES = 16 * 1024;

type Variables = { requestId: string };

/** All that is answered over HTTP. */
export type App = {
  app: Hono<{ Variables: Variables }>;
  /** What is asked most, by the shortest way; for a server of Node's to ask first. */
  fastPaths: readonly FastPath[];
  /** The headers of every answer, for those that a server gives by itself. */
  fixedHeaders: readonly (readonly [name: string, value: string])[];
};

/** Puts the HTTP side together: headers, limits, origins, tRPC, /v1, health and the built web app. */
export async function createApp(runtime: Runtime, options: AppOptions): Promise<App> {
  const { config, log } = runtime;
  const app = new Hono<{ Variables: Variables }>();
  const metrics = createMetrics(runtime);
  const clientAddress = createClientAddress(config.trustedProxies);
  const trpc = createTrpcHandler(runtime, createSessionTokens(config.jwtSecret), clientAddress, {
    guide: goingLiveGuide(config),
    report: createReportSource({ diagnose: () => diagnose(config.environment) }),
  });
  const fixed = await securityHeaders(config);
  const service = createService(runtime.connections, log, config.limits);
  const mostAtOnce = options.mostAtOnce ?? MOST_AT_ONCE;
  const v1Gate = createOverloadGate(mostAtOnce * MORE_HAND_OUTS);
  const trpcGate = createOverloadGate(mostAtOnce);
  const checkReady = oneAtATime(() => runtime.checkReady());

  const noteAnswered = (request: Answered): void => {
    if (!log.isLevelEnabled("debug")) return;
    const { startedAtMs, ...told } = request;
    const durationMs = Math.round((performance.now() - startedAtMs) * 10) / 10;
    log.debug({ event: "api.answered", ...told, durationMs }, "answered");
  };

  app.use(async (context, next) => {
    const requestId = requestIdOf(context.req.header("x-request-id"));
    const startedAtMs = performance.now();
    context.set("requestId", requestId);
    await underRequest(requestId, next);
    const { method } = context.req;
    const path = pathWithoutCode(context.req.path); // without its query, too: queries hold codes and states
    noteAnswered({ requestId, method, path, status: context.res.status, startedAtMs });
  });

  app.use(answerHeaders(fixed, (requestId) => ["x-request-id", requestId]));

  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/readyz", async (context) => {
    if (!options.isAccepting())
      return unavailable(context, "stopping", "This process is about to end.", true);
    try {
      await checkReady();
    } catch (error) {
      log.warn({ event: "api.not_ready", err: error }, "not ready");
      if (isDatabaseAway(error)) return databaseAway(context);
      return unavailable(context, "not_ready", "The database does not fit this process; its log says why.");
    }
    return context.json({ status: "ready" }, 200, NO_STORE);
  });

  app.use("/v1/*", shedOverload(v1Gate));
  app.use("/v1/*", limitBody());
  app.route("/", createV1Routes({ service, clientAddress, appUrl: config.appUrl }));

  // Apart from all others, so that however many come, they take no place from people.
  app.use("/meta/*", shedOverload(createOverloadGate(MOST_CALLBACKS)));
  app.use("/meta/*", limitBody(MAX_CALLBACK_BYTES));
  const { callbacks } = runtime.connections;
  app.route("/", createMetaRoutes({ callbacks, clientAddress, appUrl: config.appUrl }));

  app.use("/trpc/*", shedOverload(trpcGate));
  app.use("/cron/*", limitBody());
  const notes = createOperatorNotes(runtime.connections.audit, log, clientAddress);
  const { limiter } = runtime.connections;
  const forOperators = operatorsOnly(config.cronSecrets, limiter, clientAddress, notes.wrongSecret);
  app.use("/cron/*", forOperators);
  app.route("/cron", createCronRoutes(options.sweepRuns, notes.sweepRequested));
  // In development there is nothing to hide, and a person wants to look.
  if (config.isProduction) app.use("/metrics", forOperators);
  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { ...NO_STORE, "content-type": metrics.contentType }),
  );

  app.use("/trpc/*", limitBody());
  app.use("/trpc/*", sameOriginOnly(config.appUrl));
  app.all("/trpc/*", (context) => trpc.serve(context, context.get("requestId")));

  if (options.webRoot !== null) serveWeb(app, options.webRoot);
  app.notFound((context) => problem(context, 404, "not_found", "There is nothing at this address."));
  app.onError((error, context) => {
    const requestId = context.get("requestId");
    if (isDatabaseAway(error) || isMoving(error)) {
      log.warn({ event: "api.unavailable", requestId, err: error }, "the database is away or busy");
      return databaseAway(context);
    }
    log.error({ event: "api.failed", requestId, err: error }, "a request failed");
    return problem(
      context,
      500,
      "internal",
      `Something went wrong on our side. Request id: ${requestId}.`,
      true,
    );
  });
  const ofNode = { clientAddress, fixed, onAnswered: noteAnswered };
  return {
    app,
    fixedHeaders: fixed,
    fastPaths: [
      createFastToken({ ...ofNode, service, gate: v1Gate }),
      createFastMutation({
        ...ofNode,
        serveMutation: trpc.serveMutation,
        gate: trpcGate,
        appUrl: config.appUrl,
        mostBodyBytes: MAX_BODY_BYTES,
      }),
    ],
  };
}

function databaseAway(context: Context): Response {
  return unavailable(context, "database_unavailable", "The database cannot be used right now.", true);
}

/** Whoever asks while the answer is on its way gets the same one: a storm of questions writes no more than one. */
function oneAtATime(ask: () => Promise<void>): () => Promise<void> {
  let asking: Promise<void> | null = null;
  return () => (asking ??= ask().finally(() => (asking = null)));
}

/** Whoever asks should come again. */
function unavailable(context: Context, code: string, message: string, retryable = false): Response {
  context.header(...RETRY_AFTER);
  return problem(context, 503, code, message, retryable);
}

/** A body that says its length is judged by it, unread; one that does not is counted while it arrives. */
function limitBody(maxSize = MAX_BODY_BYTES): MiddlewareHandler {
  const refuse = (context: Context): Response =>
    problem(context, 413, "body_too_large", `A body may have at most ${maxSize} bytes.`);
  const counted = bodyLimit({ maxSize, onError: refuse });
  return async (context, next) => {
    if (context.req.method === "GET") return await next();
    const length = context.req.header("content-length");
    if (length === undefined || context.req.header("transfer-encoding") !== undefined)
      return await counted(context, next);
    return Number(length) <= maxSize ? await next() : refuse(context);
  };
}
