import {
  ConnectionError,
  actingAs,
  catalogueEntry,
  type AttemptStep,
  type CatalogueEntry,
  type EndedBy,
  EXPLANATIONS,
  type ConnectionErrorCode,
  type SignInStep,
} from "@perennial/connections";
import { TRPCError, getTRPCErrorFromUnknown, initTRPC } from "@trpc/server";
import { ZodError } from "zod";

import type { ApiContext } from "./context.ts";
import { TooManyRequests } from "./limits.ts";
import { OWN_FAULTS, type OwnFaultCode } from "./own-faults.ts";
import { isDatabaseAway, isMoving } from "./unavailability.ts";

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]["code"];

/** What every error says, beside its sentence: the same shape everywhere. */
export type ErrorDetails = {
  reason: ConnectionErrorCode | OwnFaultCode;
  retryable: boolean;
  cure: string;
  /** Who ends it. */
  endedBy: EndedBy;
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
    const reason = "too_many_requests";
    const help = catalogueEntry(reason, null);
    const { endedBy } = help;
    return { ...plain, ...EXPLANATIONS[reason], reason, help, endedBy, retryAfterSeconds };
  }
  if (error.cause instanceof ConnectionError) {
    const { code: reason, reason: upstreamReason, message, cure, retryable } = error.cause;
    const { step, steps, traceId, during } = error.cause;
    const help = catalogueEntry(reason, upstreamReason, during);
    const { endedBy } = help;
    return {
      ...plain,
      reason,
      upstreamReason,
      message,
      cure,
      retryable,
      step,
      steps,
      help,
      endedBy,
      traceId,
    };
  }
  if (error.cause instanceof ZodError) {
    const where = [...new Set(error.cause.issues.map((issue) => issue.path.join(".") || "input"))].slice(
      0,
      5,
    );
    const { message } = OWN_FAULTS.bad_request;
    return {
      ...plain,
      ...OWN_FAULTS.bad_request,
      reason: "bad_request",
      message: `${message} Look at: ${where.join(", ").slice(0, 200)}.`,
    };
  }
  const reason = ownFaultOf(error);
  return { ...plain, ...OWN_FAULTS[reason], reason };
}

function ownFaultOf({ code, cause }: TRPCError): OwnFaultCode {
  switch (code) {
    case "UNAUTHORIZED":
      return "not_signed_in";
    case "FORBIDDEN":
      return "operators_only";
    case "NOT_FOUND":
      return "not_found";
    case "SERVICE_UNAVAILABLE":
      return isMoving(cause) ? "moved" : "unavailable";
    case "INTERNAL_SERVER_ERROR":
      return "internal";
    default:
      return "bad_request";
  }
}

/** Routers are built with this. */
export const router = t.router;

/** Any caller; domain errors are translated here and nowhere else. Every call counts against the limits. */
export const publicProcedure = t.procedure.use(async ({ ctx, type, path, next }) => {
  try {
    await ctx.admit(type === "mutation" ? "change" : "read", path);
  } catch (error) {
    throw translate(getTRPCErrorFromUnknown(error));
  }
  const result = await actingAs(ctx.acting, next);
  if (result.ok) return result;
  throw translate(result.error);
});

/** A signed-in person. */
export const personProcedure = publicProcedure.use(async ({ ctx, next }) => {
  if (ctx.session === null) throw new TRPCError({ code: "UNAUTHORIZED" });
  return await next({ ctx: { ...ctx, session: ctx.session } });
});

/** Who may see how the installation is. */
export const operatorProcedure = publicProcedure.use(async ({ ctx, next }) => {
  if (!ctx.mayOperate()) throw new TRPCError({ code: "FORBIDDEN" });
  return await next();
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
