import { PAGE_FAULTS } from "./page-faults.ts";
import type { ApiError, AttemptStep, CatalogueEntry } from "./trpc.ts";

/** What went wrong, in words for a person, whoever said it: the api, or nobody because it did not answer. */
export type Explained = {
  message: string;
  cure: string;
  reason: string;
  /** Who ends it, where the api said. */
  endedBy: CatalogueEntry["endedBy"] | null;
  step: string | null;
  traceId: string | null;
  /** What Instagram or Facebook said, one step finer than the reason. */
  upstreamReason: string | null;
  /** The calls that were made until it failed. */
  steps: readonly AttemptStep[];
  /** What it comes from, and what helps; null where nobody knows more. */
  help: CatalogueEntry | null;
  requestId: string | null;
};

type ErrorLike = Pick<ApiError, "message" | "data">;

const NOBODY = {
  endedBy: null,
  step: null,
  traceId: null,
  upstreamReason: null,
  steps: [],
  help: null,
  requestId: null,
};

/** Explains an error. A message is shown only when it is the api's own: anything else may be noise. */
export function explainError(error: ErrorLike, isOnline: boolean): Explained {
  const { data } = error;
  if (data?.reason !== undefined) {
    const { reason, cure, endedBy, step, traceId, upstreamReason, steps, help, requestId } = data;
    const { message } = error;
    return { message, cure, reason, endedBy, step, traceId, upstreamReason, steps, help, requestId };
  }
  const otherAddress = otherAddressOf(error);
  if (otherAddress !== null) {
    return { ...NOBODY, reason: "other_address", message: otherAddress, cure: "Nothing was changed." };
  }
  const reason = isOnline ? strangerReason(statusOf(error)) : "offline";
  return { ...NOBODY, reason, ...PAGE_FAULTS[reason] };
}

/** What is to be said where somebody else answered for the api, or nobody did. */
function strangerReason(status: number | null): "throttled" | "busy" | "unreachable" {
  if (status === 429) return "throttled";
  return status === 502 || status === 503 || status === 504 ? "busy" : "unreachable";
}

/** Whether the api said that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return statusOf(error) === 401;
}

/** Whether the api answered at all. */
export function isAnswered(error: ErrorLike): boolean {
  return error.data?.reason !== undefined;
}

const RETRIES = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Whether a query is asked again: never what the api refused, a few times what it could not do, and what it
 * asked to come back for at the time it named (SP-06).
 */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  if (failures >= RETRIES) return false;
  const status = statusOf(error);
  if (status === 429) return retryAfterMs(error) !== null;
  return status === null || status >= 500;
}

/** How long to wait before asking again, in milliseconds: doubling, with jitter, or as long as the api says. */
export function retryDelayMs(failures: number, error: unknown, random: () => number = Math.random): number {
  const asked = retryAfterMs(error);
  if (asked !== null) return Math.min(asked, LONGEST_WAIT_MS);
  const grown = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return Math.round(grown / 2 + (random() * grown) / 2);
}

/** The api's word that this page was opened at another address than its own, as 127.0.0.1 for localhost. */
function otherAddressOf(error: ErrorLike): string | null {
  const answer = fieldOf(fieldOf(fieldOf(error, "meta"), "responseJSON"), "error");
  const message = fieldOf(answer, "message");
  return fieldOf(answer, "code") === "other_address" && typeof message === "string" ? message : null;
}

function statusOf(error: unknown): number | null {
  const status = fieldOf(fieldOf(error, "data"), "httpStatus") ?? fieldOf(responseOf(error), "status");
  return typeof status === "number" ? status : null;
}

function retryAfterMs(error: unknown): number | null {
  const headers = fieldOf(responseOf(error), "headers");
  if (!(headers instanceof Headers)) return null;
  const text = headers.get("retry-after");
  const seconds = text === null || !/^\d{1,6}$/.test(text) ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}

function responseOf(error: unknown): unknown {
  return fieldOf(fieldOf(error, "meta"), "response");
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
