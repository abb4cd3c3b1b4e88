import {
  ConnectionError,
  actingAs,
  catalogueEntry,
  type AttemptStep,
  type CatalogueEntry,
  EXPLANATIONS,
  type ConnectionErrorCode,
  type SignInStep,
} from "@perennial/connections";
import { TRPCError, getTRPCErrorFromUnknown, initTRPC } from "@trpc/server";
import { ZodError } from "zod";

import type { ApiContext } from "./context.ts";
import { TooManyRequests } from "./limits.ts";
import { OWN_FAULTS } from "./own-faults.ts";
import { isDatabaseAway, isMoving } from "./unavailability.ts";

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]["code"];

/** Stable codes of what can go wrong before a use case is reached, or beneath it. */
type ApiErrorCode = "bad_request" | "not_signed_in" | "not_found" | "unavailable" | "moved" | "internal";

/** What every error says, beside its sentence: the same shape everywhere. */
export type ErrorDetails = {
  reason: ConnectionErrorCode | ApiErrorCode;
  retryable: boolean;
  cure: string;
  step: SignInStep | null;
  traceId: string | null;
  /** What Instagram or Facebook said, one step finer than the reason. */
  upstreamReason: string | null;
  /** The calls that were made until it failed. */
  steps: readonly AttemptStep[];
  /** What it comes from, and what helps; null for what has no entry. */
  help: CatalogueEntry | null;
  requestId: string | null;
  /** How long to wait, where it is known. */
  retryAfterSeconds: number | null;
};

const STATUS: Partial<Record<ConnectionErrorCode, TrpcCode>> = {
  account_held: "CONFLICT",
  connection_not_found: "NOT_FOUND",
  import_not_better: "CONFLICT",
  key_limit_reached: "CONFLICT",
  key_not_found: "NOT_FOUND",
  invalid_client: "PRECONDITION_FAILED",
  permission_missing: "FORBIDDEN",
  rate_limited: "TOO_MANY_REQUESTS",
  reconnect_link_invalid: "BAD_REQUEST",
  reconnect_required: "CONFLICT",
  session_not_found: "NOT_FOUND",
  sign_in_in_progress: "CONFLICT",
  sink_busy: "CONFLICT",
  sink_limit_reached: "CONFLICT",
  sink_not_allowed: "FORBIDDEN",
  sink_not_found: "NOT_FOUND",
  token_expired: "CONFLICT",
  token_invalid: "CONFLICT",
  token_of_other_app: "CONFLICT",
  token_revoked: "CONFLICT",
  token_unreadable: "CONFLICT",
  too_many_requests: "TOO_MANY_REQUESTS",
  transient: "BAD_GATEWAY",
  unknown: "BAD_GATEWAY",
  wrong_account: "CONFLICT",
};

const t = initTRPC.context<ApiContext>().create({
  isDev: false, // never a stack trace, whatever NODE_ENV says
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter: ({ shape, error, ctx }) => {
    const { message, ...details } = explain(error);
    const { code, httpStatus } = shape.data;
    return { ...shape, message, data: { code, httpStatus, ...details, requestId: ctx?.requestId ?? null } };
  },
});

function explain(error: TRPCError): ErrorDetails & { message: string } {
  const plain = {
    step: null,
    traceId: null,
    upstreamReason: null,
    steps: [],
    help: null,
    requestId: null,
    retryAfterSeconds: null,
  };
  if (error.cause instanceof TooManyRequests) {
    const { retryAfterSeconds } = error.cause;
    return { ...plain, ...EXPLANATIONS.too_many_requests, reason: "too_many_requests", retryAfterSeconds };
  }
  if (error.cause instanceof ConnectionError) {
    const { code: reason, reason: upstreamReason, message, cure, retryable } = error.cause;
    const { step, steps, traceId } = error.cause;
    const help = catalogueEntry(reason, upstreamReason);
    return { ...plain, reason, upstreamReason, message, cure, retryable, step, steps, help, traceId };
  }
  if (error.cause instanceof ZodError) {
    const where = [...new Set(error.cause.issues.map((issue) => issue.path.join(".") || "input"))].slice(
      0,
      5,
    );
    const message = `The request is not what this address takes. Look at: ${where.join(", ").slice(0, 200)}.`;
    return {
      ...plain,
      reason: "bad_request",
      message,
      cure: "Send what the types of this procedure say.",
      retryable: false,
    };
  }
  switch (error.code) {
    case "UNAUTHORIZED":
      return {
        ...plain,
        reason: "not_signed_in",
        message: "You are not signed in.",
        cure: "Sign in first.",
        retryable: false,
      };
    case "NOT_FOUND":
      return {
        ...plain,
        reason: "not_found",
        message: "There is nothing at this address.",
        cure: "Look at the address.",
        retryable: false,
      };
    case "SERVICE_UNAVAILABLE":
      if (isMoving(error.cause)) {
        return {
          ...plain,
          reason: "moved",
          message: "Perennial is moving house: what is there can be read, and nothing can be changed.",
          cure: "Try again in a few minutes. No connection is lost.",
          retryable: true,
        };
      }
      return { ...plain, ...OWN_FAULTS.unavailable, reason: "unavailable" };
    case "INTERNAL_SERVER_ERROR":
      return { ...plain, ...OWN_FAULTS.internal, reason: "internal" };
    default:
      return {
        ...plain,
        reason: "bad_request",
        message: "The request is not what this address takes.",
        cure: "Send what the types of this procedure say.",
        retryable: false,
      };
  }
}

/** Routers are built with this. */
export const router = t.router;

/** Any caller; domain errors are translated here and nowhere else. Every call counts against the limits. */
export const publicProcedure = t.procedure
  .use(async ({ next }) => {
    const result = await next();
    if (result.ok) return result;
    throw translate(result.error);
  })
  .use(async ({ ctx, type, path, next }) => {
    await ctx.admit(type === "mutation" ? "change" : "read", path);
    return await actingAs(ctx.acting, next);
  });

/** A signed-in person. */
export const personProcedure = publicProcedure.use(async ({ ctx, next }) => {
  if (ctx.session === null) throw new TRPCError({ code: "UNAUTHORIZED" });
  return await next({ ctx: { ...ctx, session: ctx.session } });
});

/** A domain error as a tRPC error with the fitting status. What is not one stays as it is. */
export function translate(error: TRPCError): TRPCError {
  const { cause } = error;
  if (cause instanceof ConnectionError) {
    return new TRPCError({ code: STATUS[cause.code] ?? "BAD_REQUEST", message: cause.message, cause });
  }
  if (cause instanceof TooManyRequests) return new TRPCError({ code: "TOO_MANY_REQUESTS", cause });
  return isDatabaseAway(cause) || isMoving(cause)
    ? new TRPCError({ code: "SERVICE_UNAVAILABLE", cause })
    : error;
}

/** A subscription's events. It fails after its procedure has answered, so its errors are translated here. */
export async function* translated<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void, void> {
  try {
    yield* events;
  } catch (error) {
    throw translate(getTRPCErrorFromUnknown(error));
  }
}
