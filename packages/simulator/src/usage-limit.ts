import type { Clock } from "./clock.ts";
import type { PolicyStore } from "./policy.ts";

/** Whose business-use-case limit an answer's usage header speaks of: an Instagram account's, or a Page's. */
export type Metered = { readonly professionalId: string } | { readonly pageId: string };

/** The app's rolling-hour call limit and the usage headers that speak of it. */
export type UsageLimit = {
  /** Counts a call; false when the app is over its limit. Refused calls count too and prolong the block. */
  admit(): boolean;
  /** Value of `X-App-Usage` now. */
  appUsage(): string;
  /** Value of `X-Business-Use-Case-Usage` for one account or Page now. */
  businessUsage(metered: Metered): string;
};

const HOUR_MS = 3_600_000;
const QUIET_APP_USAGE = '{"call_count":1,"total_time":1,"total_cputime":1}';

export function createUsageLimit(clock: Clock, policy: PolicyStore): UsageLimit {
  let calls: number[] = []; // virtual instants; filled only while a limit is set
  let oldest = 0;

  function callsInLastHour(): number {
    const since = clock.nowMs() - HOUR_MS;
    while (oldest < calls.length && (calls[oldest] ?? 0) <= since) oldest++;
    if (oldest > 10_000 && oldest > calls.length / 2) {
      calls = calls.slice(oldest);
      oldest = 0;
    }
    return calls.length - oldest;
  }

  function percentUsed(): number {
    const limit = policy.current.calls_per_hour;
    if (limit === null) return 1;
    return limit === 0 ? 100 : Math.min(100, Math.ceil((100 * callsInLastHour()) / limit));
  }

  return {
    admit() {
      const limit = policy.current.calls_per_hour;
      if (limit === null) return true;
      calls.push(clock.nowMs());
      return callsInLastHour() <= limit;
    },
    appUsage() {
      if (policy.current.calls_per_hour === null) return QUIET_APP_USAGE;
      const percent = percentUsed();
      return `{"call_count":${percent},"total_time":${Math.ceil(percent / 2)},"total_cputime":${Math.ceil(percent / 2)}}`;
    },
    businessUsage: (metered) => describeBusinessUsage(metered, 1, 0),
  };
}

/** Value of `X-Business-Use-Case-Usage` at so many per cent, with so many minutes to wait. */
export function describeBusinessUsage(metered: Metered, percent: number, waitMinutes: number): string {
  const [id, type] = "pageId" in metered ? [metered.pageId, "pages"] : [metered.professionalId, "instagram"];
  return `{"${id}":[{"type":"${type}","call_count":${percent},"total_cputime":${percent},"total_time":${percent},"estimated_time_to_regain_access":${waitMinutes}}]}`;
}
