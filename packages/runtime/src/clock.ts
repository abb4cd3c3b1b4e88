/** The clock by which tokens age. */
export type Clock = {
  now(): Date;
  /** Calls back after the clock was moved, or ran at another pace, since the last look. */
  onJump(listener: () => void): void;
};

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date(), onJump: () => undefined };

const POLL_INTERVAL_MS = 250;
const JUMP_MS = 5_000;

/** The simulator does not answer: nothing can be done in its stead. */
export class SimulatorAwayError extends Error {
  override readonly name = "SimulatorAwayError";

  constructor(origin: string, options?: ErrorOptions) {
    super(`The simulator does not answer at ${origin}. Start it with: npx pnpm@12 simulator`, options);
  }
}

/** The simulator's clock, followed by asking. */
export type FollowedClock = Clock & {
  /** Moves the simulator's clock forward, and follows at once. */
  advance(byMs: number): Promise<Date>;
  stop(): void;
};

type Reading = { nowMs: number; rate: number; readAtMs: number };

/**
 * Follows the simulator's clock. While the simulator is away the last reading runs on; the first one is
 * waited for, so that nothing is stamped with the wrong year.
 *
 * @throws {SimulatorAwayError} when the simulator does not answer within `firstReadingMs`.
 */
export async function followSimulatorClock(options: {
  origin: string;
  controlSecret: string;
  firstReadingMs?: number;
}): Promise<FollowedClock> {
  const listeners = new Set<() => void>();
  let reading = await firstReading(options.origin, options.firstReadingMs ?? 15_000);

  const nowMs = (): number => reading.nowMs + (Date.now() - reading.readAtMs) * reading.rate;
  const take = (next: Reading): void => {
    const expected = nowMs() + (next.readAtMs - Date.now()) * reading.rate;
    reading = next;
    if (Math.abs(next.nowMs - expected) > JUMP_MS) for (const listener of listeners) listener();
  };
  const timer = setInterval(() => {
    read(options.origin).then(take, () => undefined); // away for a moment: the last reading runs on
  }, POLL_INTERVAL_MS);
  timer.unref();

  return {
    now: () => new Date(nowMs()),
    onJump: (listener) => void listeners.add(listener),
    advance: async (byMs) => {
      await moveClock(options, byMs);
      take(await read(options.origin));
      return new Date(nowMs());
    },
    stop: () => clearInterval(timer),
  };
}

async function firstReading(origin: string, withinMs: number): Promise<Reading> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await read(origin);
    } catch (error) {
      if (Date.now() >= deadline) {
        throw new SimulatorAwayError(origin, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function read(origin: string): Promise<Reading> {
  const response = await fetch(`${origin}/__sim/clock`, {
    signal: AbortSignal.timeout(2_000),
    redirect: "error",
  });
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null || !("now_ms" in body) || !("rate" in body)) {
    throw new Error("The simulator's clock answered something else.");
  }
  return { nowMs: Number(body.now_ms), rate: Number(body.rate), readAtMs: Date.now() };
}

async function moveClock(options: { origin: string; controlSecret: string }, byMs: number): Promise<void> {
  const response = await fetch(`${options.origin}/__sim/clock`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-sim-secret": options.controlSecret },
    body: JSON.stringify({ advance_ms: byMs }),
    signal: AbortSignal.timeout(5_000),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`The simulator refused to move its clock (HTTP ${response.status}).`);
}
