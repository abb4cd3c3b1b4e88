import type { AtWork } from "./movable.ts";
import type { MovedTable } from "./rows.ts";

/** What a move does at this moment, for whoever waits for it. */
export type MoveProgress =
  | { step: "checking_tokens"; at: "source" | "target"; opened: number }
  | { step: "draining"; at: "source" | "target"; liveLeases: number }
  | { step: "at_work"; at: "source" | "target"; atWork: AtWork }
  | { step: "sealed"; isResumed: boolean }
  | { step: "copying" | "comparing"; table: MovedTable; rows: number; ofRows: number }
  | { step: "finished" };

/** Called with each step; what it throws stops the move, which can be resumed. */
export type OnProgress = (progress: MoveProgress) => void | Promise<void>;
