import { parseHttpDate } from "./http-date.ts";
import { asObject, readId } from "./wire.ts";

/** How much of a limit is used up, in per cent. May exceed 100. */
export type UsagePercent = { callCountPercent: number; cpuPercent: number; timePercent: number };

/** How much of Instagram's limits is used up, as the answer's headers said. */
export type UsageReport = {
  /** The whole app, over a rolling hour. */
  app?: UsagePercent;
  /** One entry per account and kind of limit. */
  businessUseCase?: (UsagePercent & {
    accountId: string;
    type: string;
    /** 0: not throttled. */
    estimatedMinutesToRegainAccess: number;
  })[];
};

/** No answer may keep us away for longer. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;
const MOST_ENTRIES = 32;

/**
 * Reads `X-App-Usage` and `X-Business-Use-Case-Usage`, whatever the case of their names. Undefined when
 * there is neither; malformed values are left out quietly.
 *
 * @see https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export function parseUsageHeaders(headers: Readonly<Record<string, string>>): UsageReport | undefined {
  const appHeader = headerOf(headers, "x-app-usage");
  const businessHeader = headerOf(headers, "x-business-use-case-usage");
  if (appHeader === undefined && businessHeader === undefined) return undefined;
  const app = readPercent(parseHeader(appHeader));
  const businessUseCase = readBusinessUseCases(parseHeader(businessHeader));
  if (app === undefined && businessUseCase.length === 0) return undefined;
  return {
    ...(app === undefined ? {} : { app }),
    ...(businessUseCase.length === 0 ? {} : { businessUseCase }),
  };
}

/** Whether any part of the whole app's limit is used up. */
export function isAppUsedUp(usage: UsageReport | undefined): boolean {
  if (usage?.app === undefined) return false;
  const { callCountPercent, cpuPercent, timePercent } = usage.app;
  return Math.max(callCountPercent, cpuPercent, timePercent) >= 100;
}

/** How long to stay away: `Retry-After` or the longest estimate of the usage headers, at most 24 hours. */
export function retryAfterMsOf(
  headers: Readonly<Record<string, string>>,
  usage: UsageReport | undefined,
  now: Date,
): number | undefined {
  let waitMs = retryAfterHeaderMs(headerOf(headers, "retry-after"), now);
  for (const { estimatedMinutesToRegainAccess } of usage?.businessUseCase ?? []) {
    waitMs = Math.max(waitMs, estimatedMinutesToRegainAccess * 60_000);
  }
  return waitMs > 0 ? Math.min(waitMs, LONGEST_PAUSE_MS) : undefined;
}

/** A header's value; names from our own transport are in lower case, others are searched for. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const value = headers[name];
  if (value !== undefined) return value;
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key];
  }
  return undefined;
}

function retryAfterHeaderMs(value: string | undefined, now: Date): number {
  if (value === undefined) return 0;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = parseHttpDate(text);
  return at === undefined ? 0 : at - now.getTime();
}

function parseHeader(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined; // the headers only advise; a malformed one advises nothing
  }
}

function readPercent(value: unknown): UsagePercent | undefined {
  const usage = asObject(value);
  if (usage === null) return undefined;
  const callCountPercent = readAmount(usage.call_count);
  const cpuPercent = readAmount(usage.total_cputime);
  const timePercent = readAmount(usage.total_time);
  if (callCountPercent === undefined && cpuPercent === undefined && timePercent === undefined)
    return undefined;
  return {
    callCountPercent: callCountPercent ?? 0,
    cpuPercent: cpuPercent ?? 0,
    timePercent: timePercent ?? 0,
  };
}

function readBusinessUseCases(value: unknown): NonNullable<UsageReport["businessUseCase"]> {
  const entries: NonNullable<UsageReport["businessUseCase"]> = [];
  for (const [key, list] of Object.entries(asObject(value) ?? {})) {
    const accountId = readId(key);
    if (accountId === null || !Array.isArray(list)) continue;
    for (const item of list) {
      const percent = readPercent(item);
      const type = asObject(item)?.type;
      if (percent === undefined || typeof type !== "string" || !/^\w{1,64}$/.test(type)) continue;
      const minutes = readAmount(asObject(item)?.estimated_time_to_regain_access) ?? 0;
      entries.push({ accountId, type, ...percent, estimatedMinutesToRegainAccess: minutes });
      if (entries.length === MOST_ENTRIES) return entries;
    }
  }
  return entries;
}

function readAmount(value: unknown): number | undefined {
  const amount = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}
