import type { Runtime } from "@perennial/runtime";
import {
  TRPCError,
  type AnyProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
} from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { Context } from "hono";

import type { ClientAddress } from "./client-address.ts";
import type { ApiContext, Installation } from "./context.ts";
import { TooManyRequests } from "./limits.ts";
import type { Answer } from "./node-answer.ts";
import { createContextFactory, factsOf, type CreateContext, type RequestFacts } from "./request-context.ts";
import { appRouter } from "./router/index.ts";
import { runProcedure } from "./run-procedure.ts";
import type { SessionTokens } from "./session-token.ts";
import { translate } from "./trpc.ts";
import { RETRY_AFTER } from "./unavailability.ts";

const ENDPOINT = "/trpc";
/** Calls in one batch: more is refused before any of them runs. */
const MAX_BATCH_SIZE = 10;

type OnError = (error: TRPCError, path: string | undefined, requestId: string) => void;
type Serve = (context: Context, requestId: string) => Promise<Response>;

/** One mutation by itself, without a query: a way to ask that needs neither batches nor streams. */
export type LoneMutation = {
  /** As in `/trpc/<path>`. */
  path: string;
  facts: RequestFacts;
  readBody(): Promise<string>;
  requestId: string;
};

/** Serves `/trpc`. */
export type TrpcHandler = {
  serve: Serve;
  /** Answers whatever happens; `path` has to be a mutation's. */
  serveMutation(call: LoneMutation): Promise<Answer>;
};

/** Binds the procedures to what a process has open. */
export function createTrpcHandler(
  runtime: Runtime,
  tokens: SessionTokens,
  clientAddress: ClientAddress,
  installation: Installation,
): TrpcHandler {
  const { log } = runtime;
  const createContext = withTranslation(createContextFactory(runtime, tokens, installation));
  const onError: OnError = (error, path, requestId) => {
    const details = { requestId, path, err: error.cause ?? error };
    if (error.code === "INTERNAL_SERVER_ERROR")
      log.error({ event: "api.failed", ...details }, "a call failed");
    if (error.code === "SERVICE_UNAVAILABLE")
      log.warn({ event: "api.unavailable", ...details }, "the database is away or busy");
  };
  const serveAny = createAdapter(createContext, clientAddress, onError);
  const serveMutation = createMutationAdapter(createContext, onError);

  return {
    serveMutation,
    serve: async (context, requestId) => {
      const { method, url, path: address } = context.req;
      const path = url.includes("?") ? null : loneMutationOf(method, address);
      if (path === null) return await serveAny(context, requestId);
      const facts = factsOf(context, clientAddress);
      const readBody = (): Promise<string> => context.req.text();
      const { status, headers, body } = await serveMutation({ path, facts, readBody, requestId });
      return new Response(body, {
        status,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
      });
    },
  };
}

/** Who somebody is cannot be told without the database: that is no "not signed in". */
function withTranslation(createContext: CreateContext): CreateContext {
  return async (...args) => {
    try {
      return await createContext(...args);
    } catch (error) {
      throw translate(getTRPCErrorFromUnknown(error));
    }
  };
}

/** When to come again, for whom it is worth it. */
function retryAfter(errors: readonly TRPCError[]): [name: string, value: string][] {
  const tooMany = errors.map(({ cause }) => cause).find((cause) => cause instanceof TooManyRequests);
  if (tooMany !== undefined) return [["retry-after", String(tooMany.retryAfterSeconds)]];
  return errors.some(({ code }) => code === "SERVICE_UNAVAILABLE") ? [RETRY_AFTER] : [];
}

/** tRPC's own adapter: queries, batches, subscriptions, and whatever is none of them. */
function createAdapter(createContext: CreateContext, clientAddress: ClientAddress, onError: OnError): Serve {
  return (context, requestId) =>
    fetchRequestHandler({
      endpoint: ENDPOINT,
      req: context.req.raw,
      router: appRouter,
      maxBatchSize: MAX_BATCH_SIZE,
      createContext: ({ resHeaders }) =>
        createContext(
          factsOf(context, clientAddress),
          (cookie) => resHeaders.append("set-cookie", cookie),
          requestId,
        ),
      responseMeta: ({ errors }) => ({
        headers: new Headers([["cache-control", "no-store"], ...retryAfter(errors)]),
      }),
      onError: ({ error, path }) => onError(error, path, requestId),
    });
}

const MUTATIONS = new Map(
  Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>).filter(
    ([, procedure]) => procedure._def.type === "mutation",
  ),
);

/** The mutation at an address without a query, or null where there is none. */
export function loneMutationOf(method: string | undefined, address: string): string | null {
  if (method !== "POST" || !address.startsWith(`${ENDPOINT}/`)) return null;
  const path = address.slice(ENDPOINT.length + 1);
  return MUTATIONS.has(path) ? path : null;
}

/**
 * One mutation by itself, as our pages send them: the same procedure and the same answer as by tRPC's
 * adapter, without its web streams, abort signals and copied headers. They cost as much as all that
 * Perennial itself does for a sign-in.
 *
 * @see https://trpc.io/docs/rpc
 */
function createMutationAdapter(createContext: CreateContext, onError: OnError): TrpcHandler["serveMutation"] {
  const config = appRouter._def._config;
  const type = "mutation";

  return async ({ path, facts, readBody, requestId }) => {
    const headers: [string, string][] = [
      ["content-type", "application/json"],
      ["cache-control", "no-store"],
    ];
    const answer = (status: number, response: Parameters<typeof transformTRPCResponse>[1]): Answer => {
      return { status, headers, body: JSON.stringify(transformTRPCResponse(config, response)) };
    };
    let input: unknown;
    let ctx: ApiContext | undefined;
    try {
      ctx = await createContext(facts, (cookie) => headers.push(["set-cookie", cookie]), requestId);
      const getRawInput = async (): Promise<unknown> => (input = parseInput(await readBody()));
      const procedure = MUTATIONS.get(path);
      if (procedure === undefined) throw new TRPCError({ code: "NOT_FOUND" });
      const data = await runProcedure(procedure, { path, ctx, getRawInput });
      return answer(200, { result: { data } });
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      onError(error, path, requestId);
      headers.push(...retryAfter([error]));
      const shape = getTRPCErrorShape({ config, error, type, path, input, ctx });
      return answer(getHTTPStatusCodeFromError(error), { error: shape });
    }
  };
}

function parseInput(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new TRPCError({ code: "BAD_REQUEST", message: "The body is not JSON.", cause });
  }
}
