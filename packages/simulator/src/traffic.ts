import type { EndpointName } from "./endpoint.ts";
import { fingerprint, type TokenRecord } from "./token-record.ts";

/** The most refresh requests that were ever in flight at once for one token. */
export type TokenConcurrency = { tokenHash: string; user: string; generation: number; highWaterMark: number };

/** How many refresh requests were in flight at once. */
export type Concurrency = {
  /** Highest of all marks: 1 means no token was ever refreshed twice at a time. */
  max: number;
  /** One mark per token that was ever presented for a refresh. */
  perToken: TokenConcurrency[];
};

/** How many requests came, by real time. */
export type TrafficRate = {
  total: number;
  /** Highest number of requests within one second, over all endpoints. */
  peakPerSecond: number;
  perEndpoint: Partial<Record<EndpointName, { total: number; peakPerSecond: number }>>;
  /** The last seconds (up to 3600) in which requests came, oldest first; `second` is in Unix time. */
  perSecond: { second: number; count: number }[];
};

export type Traffic = {
  count(endpoint: EndpointName, realMs: number): void;
  enter(token: TokenRecord): void;
  leave(token: TokenRecord): void;
  concurrency(): Concurrency;
  rate(): TrafficRate;
  reset(): void;
};

type Meter = { total: number; second: number; inSecond: number; peak: number };

const KEPT_SECONDS = 3600;

export function createTraffic(): Traffic {
  const meters = new Map<EndpointName, Meter>();
  let all = newMeter();
  let perSecond: { second: number; count: number }[] = [];
  const refreshed = new Set<TokenRecord>();

  return {
    count(endpoint, realMs) {
      const second = Math.floor(realMs / 1000);
      if (second !== all.second || perSecond.length === 0) {
        perSecond.push({ second, count: 0 });
        if (perSecond.length > 2 * KEPT_SECONDS) perSecond = perSecond.slice(-KEPT_SECONDS);
      }
      tick(all, second);
      const latest = perSecond.at(-1);
      if (latest !== undefined) latest.count = all.inSecond;
      let meter = meters.get(endpoint);
      if (meter === undefined) meters.set(endpoint, (meter = newMeter()));
      tick(meter, second);
    },
    enter(token) {
      refreshed.add(token);
      token.inFlight++;
      if (token.inFlight > token.highWaterMark) token.highWaterMark = token.inFlight;
    },
    leave(token) {
      token.inFlight--;
    },
    concurrency() {
      const perToken = [...refreshed].map((token) => ({
        tokenHash: fingerprint(token.value),
        user: token.lineage.user.key,
        generation: token.generation,
        highWaterMark: token.highWaterMark,
      }));
      return { max: perToken.reduce((max, one) => Math.max(max, one.highWaterMark), 0), perToken };
    },
    rate() {
      const perEndpoint: TrafficRate["perEndpoint"] = {};
      for (const [name, meter] of meters) {
        perEndpoint[name] = { total: meter.total, peakPerSecond: meter.peak };
      }
      return {
        total: all.total,
        peakPerSecond: all.peak,
        perEndpoint,
        perSecond: perSecond.slice(-KEPT_SECONDS).map((one) => ({ ...one })),
      };
    },
    reset() {
      meters.clear();
      all = newMeter();
      perSecond = [];
      for (const token of refreshed) token.highWaterMark = token.inFlight;
      refreshed.clear();
    },
  };
}

function newMeter(): Meter {
  return { total: 0, second: -1, inSecond: 0, peak: 0 };
}

/* A closure would do, but a thousand requests per second go through here. */
function tick(meter: Meter, second: number): void {
  meter.total++;
  if (meter.second === second) meter.inSecond++;
  else {
    meter.second = second;
    meter.inSecond = 1;
  }
  if (meter.inSecond > meter.peak) meter.peak = meter.inSecond;
}
