/** Where a worker can be told to stand still. */
export type StopPoint = "before_claim" | "after_claim" | "after_intent" | "before_commit" | "after_commit";

/** What a worker is told. */
export type ToWorker = { armed: StopPoint };

/** What it tells: that it stands still, beside the "ready" of every server. */
export type FromWorker = { reached: StopPoint };

/** The phases of one refresh in which a worker is killed. */
export const KILL_PHASES = ["P0", "P1", "P2", "P3", "P4", "P5"] as const;

/** One of {@link KILL_PHASES}. */
export type KillPhase = (typeof KILL_PHASES)[number];

/** How a worker is brought to stand in a phase: by itself, or by the simulator's holding its request. */
export type Hold =
  | { kind: "point"; point: StopPoint }
  | { kind: "gate"; point: "before_process" | "after_process" };

const point = (name: StopPoint): Hold => ({ kind: "point", point: name });

/**
 * P0 picked, no lease; P1 leased, nothing sent (with and without its intent); P2 the request upstream, not
 * processed; P3 processed, no reply received; P4 reply received, not committed; P5 committed.
 */
export const HOLDS: Readonly<Record<KillPhase, readonly [Hold, ...Hold[]]>> = {
  P0: [point("before_claim")],
  P1: [point("after_claim"), point("after_intent")],
  P2: [{ kind: "gate", point: "before_process" }],
  P3: [{ kind: "gate", point: "after_process" }],
  P4: [point("before_commit")],
  P5: [point("after_commit")],
};
