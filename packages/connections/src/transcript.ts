import type {
  InstagramCall,
  InstagramErrorCode,
  InstagramErrorReason,
  InstagramOperation,
} from "@perennial/instagram";
import { AsyncLocalStorage } from "node:async_hooks";

import type { During } from "./cure-of.ts";
import { requestUnderWay } from "./request-under-way.ts";

/** One call to Instagram or Facebook, as it is kept: no address beyond the host, no token, no text of theirs. */
export type AttemptStep = {
  operation: InstagramOperation;
  /** Host and port. */
  host: string;
  startedAt: string;
  durationMs: number;
  /** Null when no answer came. */
  httpStatus: number | null;
  /** Null when it went well. */
  errorCode: InstagramErrorCode | null;
  reason: InstagramErrorReason | null;
  /** Meta's own numbers for the failure. */
  metaCode: number | null;
  metaSubcode: number | null;
  traceId: string | null;
};

/** What an attempt did, and what is particular about how it failed. */
export type Transcript = {
  detail: string | null;
  /** Why, one step finer than the code, where it was not a call that failed. */
  reason: InstagramErrorReason | null;
  steps: readonly AttemptStep[];
  /** What was asked for and not granted; null where nobody said what was. */
  missingScopes: readonly string[] | null;
  /** The request that asked for it; null where none did. */
  requestId: string | null;
};

/** A transcript that grows longer than this helps nobody: sheets of Pages, mostly. */
const MOST_STEPS = 40;

type UnderWay = { steps: AttemptStep[]; missingScopes: readonly string[] | null; during: During };

const underWay = new AsyncLocalStorage<UnderWay>();

/** Takes down every call to Instagram or Facebook that the work makes. Work within other work has its own. */
export function withTranscript<T>(work: () => Promise<T>, during: During = "upkeep"): Promise<T> {
  return underWay.run({ steps: [], missingScopes: null, during }, work);
}

/** What the work under way is part of. */
export function workUnderWay(): During {
  return underWay.getStore()?.during ?? "upkeep";
}

/** The calls of the work under way, in the order in which they end: more may come. None outside of any work. */
export function stepsUnderWay(): readonly AttemptStep[] {
  return underWay.getStore()?.steps ?? [];
}

/** Takes down what was granted of what the work asked for, if that was said. */
export function noteGranted(asked: readonly string[] | null, granted: readonly string[] | null): void {
  const work = underWay.getStore();
  if (work === undefined || asked === null || granted === null) return;
  work.missingScopes = asked.filter((scope) => !granted.includes(scope));
}

/** What was asked for by the work under way and not granted; null where nobody said what was. */
export function missingScopesUnderWay(): readonly string[] | null {
  return underWay.getStore()?.missingScopes ?? null;
}

/** Takes a call down for the work that made it, if any is. Hand it to the logins as their `onCall`. */
export function noteCall({
  operation,
  origin,
  startedAt,
  durationMs,
  httpStatus,
  error,
}: InstagramCall): void {
  const steps = underWay.getStore()?.steps;
  if (steps === undefined || steps.length >= MOST_STEPS) return;
  steps.push({
    operation,
    host: origin.slice(origin.indexOf("//") + 2),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    httpStatus: httpStatus ?? null,
    errorCode: error?.code ?? null,
    reason: error?.reason ?? null,
    metaCode: error?.metaCode ?? null,
    metaSubcode: error?.metaSubcode ?? null,
    traceId: error?.traceId ?? null,
  });
}

/** A transcript as the store keeps it, with the request under way; null when there is nothing to keep. */
export function writtenTranscript({
  detail,
  reason,
  steps,
}: Omit<Transcript, "missingScopes" | "requestId">): string | null {
  const isEmpty = steps.length === 0 && detail === null && reason === null;
  if (isEmpty) return null;
  const [missingScopes, requestId] = [missingScopesUnderWay(), requestUnderWay()];
  return JSON.stringify({
    detail,
    reason,
    steps,
    ...(missingScopes !== null && { missingScopes }),
    ...(requestId !== null && { requestId }),
  });
}

/** A transcript that was kept, by this version or an older one. */
export function readTranscript(written: string | null): Transcript {
  const {
    detail = null,
    reason = null,
    steps = [],
    missingScopes = null,
    requestId = null,
  } = (written === null ? {} : JSON.parse(written)) as Partial<Transcript>;
  return { detail, reason, steps, missingScopes, requestId };
}

/** Why an attempt failed, one step finer than its code: as the failing call was told, or as it was found here. */
export function reasonIn({ reason, steps }: Transcript, errorCode: string): InstagramErrorReason | null {
  return failedStepOf(steps, errorCode)?.reason ?? reason;
}

/** The call that an attempt failed with; null when it failed by itself. */
export function failedStepOf(steps: readonly AttemptStep[], errorCode: string): AttemptStep | null {
  return steps.findLast((step) => step.errorCode === errorCode) ?? null;
}
