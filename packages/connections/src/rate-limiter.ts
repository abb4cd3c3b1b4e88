import { StoreError, type PermitGrant, type Store } from "@perennial/db";

/** How often something may be done: `limit` times in each window, by whoever shares the name. */
export type RateLimit = { name: string; limit: number; windowMs: number };

/**
 * Limits that all processes on one store share. A window gives out exactly its limit, and yet most permits cost
 * no write: each process takes them in small lots.
 */
export type RateLimiter = {
  /** Takes one permit: 0, or how many milliseconds to wait. At once where this process has some left. */
  take(limit: RateLimit): number | Promise<number>;
};

/** A lot that was used up sooner than this makes the next one twice as large. */
const FAST_MS = 50;
/** One that lasted for longer makes it half as large. */
const SLOW_MS = 1_000;
const LARGEST_LOT = 1_024;
/** A process keeps no more than this part of what the window has left, beside what is asked for at the moment. */
const LARGEST_SHARE = 8;
/** Permits that nobody needed for this long are given back, and a window that had none is asked again. */
const IDLE_MS = 250;
/** Whoever asks for something waits no longer than this for a permit. */
const PATIENCE_MS = 1_000;
/** While the store cannot be written, it is asked again this often. */
const STORE_AGAIN_MS = 1_000;
/** Names that are remembered at once; the oldest are forgotten first, with the permits they have. */
const MOST_NAMES = 50_000;

/** What this process holds of one limit. Times are of the monotonic clock. */
type Held = {
  permits: number;
  /** What the window had left besides, when it was last asked. */
  left: number;
  lot: number;
  waiting: number;
  takenAtMs: number;
  usedAtMs: number;
  /** The end of the window, a little early. */
  endsAtMs: number;
  /** The window as the store knows it; null while this process counts by itself. */
  windowEndsAt: Date | null;
  /** When the store may be asked again though it had none left, or did not answer. */
  askAtMs: number;
  asking: Promise<void> | null;
};

/**
 * Makes the limiter of one process. While the store cannot be written each process counts by itself, up to the
 * `processes`th part of the limit: less than is allowed in all, and never without end.
 */
export function createRateLimiter(options: {
  store: Pick<Store, "takePermits" | "returnPermits">;
  processes: number;
  monotonicNow?: () => number;
}): RateLimiter {
  const { store, processes, monotonicNow = () => performance.now() } = options;
  const held = new Map<string, Held>();
  let sweeping: NodeJS.Timeout | null = null;
  // The store does not answer one limit: nobody waits to hear the same about the next.
  let aloneUntilMs = -Infinity;

  async function takeMore(limit: RateLimit): Promise<number> {
    const mine = held.get(limit.name) ?? begin(limit);
    for (;;) {
      const now = monotonicNow();
      if (now < mine.endsAtMs && mine.permits > 0) return spend(mine, now);
      if (now < mine.endsAtMs && mine.left === 0 && now < mine.askAtMs) return mine.endsAtMs - now;
      mine.waiting += 1;
      try {
        mine.asking ??= refill(mine, limit, now).finally(() => (mine.asking = null));
        await mine.asking;
      } finally {
        mine.waiting -= 1;
      }
    }
  }

  function begin({ name, limit }: RateLimit): Held {
    const now = monotonicNow();
    const never = { endsAtMs: -Infinity, askAtMs: -Infinity, windowEndsAt: null, asking: null };
    const mine = {
      permits: 0,
      left: limit,
      lot: 1,
      waiting: 0,
      takenAtMs: -Infinity,
      usedAtMs: now,
      ...never,
    };
    for (const oldest of held.keys()) {
      if (held.size < MOST_NAMES) break;
      held.delete(oldest);
    }
    held.set(name, mine);
    sweeping ??= setInterval(sweep, IDLE_MS).unref();
    return mine;
  }

  async function refill(mine: Held, { name, limit, windowMs }: RateLimit, now: number): Promise<void> {
    await Promise.resolve(); // what asks in this turn is counted as waiting
    const lastedMs = now - mine.takenAtMs;
    if (lastedMs < FAST_MS) mine.lot = Math.min(LARGEST_LOT, mine.lot * 2);
    else if (lastedMs > SLOW_MS) mine.lot = Math.max(1, Math.floor(mine.lot / 2));
    const wanted = Math.max(mine.waiting, Math.min(mine.lot, Math.floor(mine.left / LARGEST_SHARE)), 1);
    if (now < aloneUntilMs) return countAlone(mine, { limit, windowMs }, now);
    try {
      keep(mine, await answered(store.takePermits({ name, wanted, limit, windowMs })), now);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      aloneUntilMs = monotonicNow() + STORE_AGAIN_MS;
      countAlone(mine, { limit, windowMs }, now);
    }
  }

  function countAlone(mine: Held, { limit, windowMs }: Omit<RateLimit, "name">, now: number): void {
    const isCounting = mine.windowEndsAt === null && now < mine.endsAtMs;
    if (!isCounting) {
      const permits = Math.max(1, Math.floor(limit / processes));
      Object.assign(mine, { permits, endsAtMs: now + windowMs, windowEndsAt: null });
    }
    Object.assign(mine, { left: 0, takenAtMs: now, askAtMs: now + STORE_AGAIN_MS });
  }

  function sweep(): void {
    const now = monotonicNow();
    for (const [name, mine] of held) {
      if (mine.waiting > 0) continue;
      const { permits: count, windowEndsAt } = mine;
      if (now >= mine.endsAtMs) held.delete(name);
      else if (count > 0 && windowEndsAt !== null && now - mine.usedAtMs >= IDLE_MS) {
        mine.permits = 0;
        mine.left += count;
        // What cannot be given back is lost until the window ends, and nothing else.
        void store.returnPermits({ name, count, windowEndsAt }).catch(() => undefined);
      }
    }
    if (held.size > 0 || sweeping === null) return;
    clearInterval(sweeping);
    sweeping = null;
  }

  return {
    take: (limit) => {
      const mine = held.get(limit.name);
      const now = monotonicNow();
      return mine !== undefined && mine.permits > 0 && now < mine.endsAtMs
        ? spend(mine, now)
        : takeMore(limit);
    },
  };
}

/** Permits that come too late are lost until the window ends: fewer are given out, never more. */
function answered(asked: Promise<PermitGrant>): Promise<PermitGrant> {
  const { promise: given, resolve, reject } = Promise.withResolvers<PermitGrant>();
  const late = () => reject(new StoreError("busy", "The store took too long to give permits."));
  const timer = setTimeout(late, PATIENCE_MS);
  void asked.then(resolve, reject).finally(() => clearTimeout(timer));
  return given;
}

function spend(mine: Held, now: number): number {
  mine.permits -= 1;
  mine.usedAtMs = now;
  return 0;
}

function keep(mine: Held, grant: PermitGrant, askedAtMs: number): void {
  const isSameWindow = mine.windowEndsAt?.getTime() === grant.windowEndsAt.getTime();
  mine.permits = (isSameWindow ? mine.permits : 0) + grant.granted;
  mine.left = grant.left;
  mine.takenAtMs = askedAtMs;
  mine.windowEndsAt = grant.windowEndsAt;
  mine.endsAtMs = askedAtMs + grant.endsInMs; // counted from before the store looked: early, never late
  mine.askAtMs = askedAtMs + IDLE_MS;
}
