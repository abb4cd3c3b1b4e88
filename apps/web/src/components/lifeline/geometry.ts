const DAY_MS = 86_400_000;

/** The instants of a token's life in milliseconds, with what is still to come. */
export type LifelineLife = {
  /** `person`: nobody but the person can extend it, so no renewals are drawn and the end stays open. */
  renewal: "automatic" | "person";
  issuedAt: number;
  refreshableAt: number;
  dueAt: number;
  urgentAt: number;
  expiresAt: number;
  /** The next attempt; null when only the person can help. */
  nextRefreshAt: number | null;
  chancesLeft: number;
};

/** What happened to a connection, oldest or newest first. */
export type LifelineEvent = {
  at: number;
  kind: "sign_in" | "refresh";
  outcome: "succeeded" | "failed";
  /** Why it failed, in words. */
  reason: string | null;
};

/** A token the connection got: a root for a sign-in, a leaf for a renewal. */
export type Growth = { at: number; x: number; kind: "root" | "leaf"; side: "above" | "below" };

/** Failed attempts that stand so close that they are drawn as one. */
export type Notch = { x: number; count: number; firstAt: number; lastAt: number; reason: string | null };

/** A word under the line. */
export type LifelineLabel = { x: number; mark: "issued" | "due" | "expires" };

/** Where everything stands. Every x is a share of the width, 0 at the left edge, 1 at the right. */
export type LifelineGeometry = {
  /** Where the present token begins; what lies before it is the past, shortened. */
  start: number;
  gate: number;
  due: number;
  urgent: number;
  end: number;
  present: number;
  isOver: boolean;
  growth: Growth[];
  /** True when there were more tokens before the first one drawn. */
  hasEarlierGrowth: boolean;
  notches: Notch[];
  /** Attempts to come. */
  ticks: number[];
  attemptsPerTick: number;
  labels: LifelineLabel[];
};

/** As many tokens of the past as fit without touching. */
const MOST_GROWTH = 6;
const PAST_STEP = 0.055;
/** Where a deadline stands that the person can put off: the line goes on behind it. */
const OPEN_END = 0.93;
/** Keeps every notch large enough to point at on a small screen. */
const NOTCH_GAP = 0.08;
const LABEL_GAP = 0.24;
const MOST_TICKS = 30;

/** Lays a life out on a line. Pure: the same life at the same instant is the same picture. */
export function layOutLifeline(
  life: LifelineLife,
  events: readonly LifelineEvent[],
  now: number,
): LifelineGeometry {
  const tokens = tokensOf(life, events);
  const drawn = tokens.slice(-MOST_GROWTH);
  const start = (drawn.length - 1) * PAST_STEP;
  const end = life.renewal === "person" ? OPEN_END : 1;
  const lengthMs = Math.max(1, life.expiresAt - life.issuedAt);
  const place = (at: number): number =>
    start + (end - start) * Math.min(1, Math.max(0, (at - life.issuedAt) / lengthMs));

  const due = place(life.dueAt);
  return {
    start,
    gate: place(life.refreshableAt),
    due,
    urgent: place(life.urgentAt),
    end,
    present: place(now),
    isOver: now >= life.expiresAt,
    growth: drawn.map(({ at, kind }, index) => ({
      at,
      kind,
      x: index * PAST_STEP,
      side: (drawn.length - 1 - index) % 2 === 0 ? "below" : "above",
    })),
    hasEarlierGrowth: tokens.length > drawn.length,
    notches: notchesOf(life, events, place),
    ...ticksOf(life, now, place),
    labels: labelsAt(start, due, end),
  };
}

/** The tokens the connection had, oldest first; the last one is the present token. */
function tokensOf(
  life: LifelineLife,
  events: readonly LifelineEvent[],
): { at: number; kind: "root" | "leaf" }[] {
  const tokens = events
    .filter((event) => event.outcome === "succeeded")
    .sort((a, b) => a.at - b.at)
    .map(({ at, kind }) => ({ at, kind: kind === "sign_in" ? ("root" as const) : ("leaf" as const) }));
  return tokens.length === 0 ? [{ at: life.issuedAt, kind: "root" }] : tokens;
}

function notchesOf(
  life: LifelineLife,
  events: readonly LifelineEvent[],
  place: (at: number) => number,
): Notch[] {
  const failures = events
    .filter((event) => event.outcome === "failed" && event.at >= life.issuedAt)
    .sort((a, b) => a.at - b.at);
  const notches: Notch[] = [];
  for (const { at, reason } of failures) {
    const x = place(at);
    const before = notches.at(-1);
    if (before !== undefined && x - before.x < NOTCH_GAP) {
      before.count += 1;
      before.lastAt = at;
      before.reason = reason;
    } else {
      notches.push({ x, count: 1, firstAt: at, lastAt: at, reason });
    }
  }
  return notches;
}

/** Attempts are far more than pixels: each tick stands for a whole day's, or for an even share of them. */
function ticksOf(
  life: LifelineLife,
  now: number,
  place: (at: number) => number,
): { ticks: number[]; attemptsPerTick: number } {
  const from = Math.max(now, life.nextRefreshAt ?? now);
  const spanMs = life.expiresAt - from;
  if (life.nextRefreshAt === null || life.chancesLeft <= 0 || spanMs <= 0) {
    return { ticks: [], attemptsPerTick: 0 };
  }
  const count = Math.max(1, Math.min(life.chancesLeft, MOST_TICKS, Math.round(spanMs / DAY_MS)));
  return {
    ticks: Array.from({ length: count }, (_, index) => place(from + (spanMs * index) / count)),
    attemptsPerTick: Math.max(1, Math.round(life.chancesLeft / count)),
  };
}

/** The ends are always named; the middle only where its word has room. */
function labelsAt(start: number, due: number, end: number): LifelineLabel[] {
  const labels: LifelineLabel[] = [{ x: start, mark: "issued" }];
  if (due - start >= LABEL_GAP && end - due >= LABEL_GAP) labels.push({ x: due, mark: "due" });
  return [...labels, { x: end, mark: "expires" }];
}
