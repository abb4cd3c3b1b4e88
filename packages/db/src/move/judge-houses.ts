import { MoveError } from "./errors.ts";
import type { House } from "./movable.ts";

/**
 * What two databases are to each other. `fresh`: a move may begin. `resumed`: this one was begun before.
 * `finished`: it was done before. `mayHoldOthers`: the target has to be looked through for people of its own.
 */
export type Verdict = { kind: "fresh" | "resumed" | "finished"; mayHoldOthers: boolean };

/**
 * Judges by their states alone whether one database may be moved into the other.
 *
 * @throws {MoveError} `wrong_house` when it may not.
 */
export function judgeHouses(source: House, target: House): Verdict {
  const isOurs = source.counterpartId === target.id;
  const isSameMove = source.moveId !== null && source.moveId === target.moveId;
  switch (source.guard) {
    case "receiving":
      throw new MoveError(
        "wrong_house",
        "The source is itself the target of a move that was not finished: it is incomplete.",
      );
    case "moved":
      if (!isOurs || !isSameMove) throw new MoveError("wrong_house", MOVED_ELSEWHERE);
      return { kind: target.guard === "receiving" ? "resumed" : "finished", mayHoldOthers: false };
    case "draining":
    case "sealed":
      if (!isOurs) throw new MoveError("wrong_house", UNDER_WAY_ELSEWHERE);
      return { kind: "resumed", mayHoldOthers: !isSameMove && mayHoldOthers(source, target) };
    case "open":
      return { kind: "fresh", mayHoldOthers: mayHoldOthers(source, target) };
  }
}

const MOVED_ELSEWHERE =
  "The source was moved to another database before: move from where it lives now. What is here is old.";
const UNDER_WAY_ELSEWHERE =
  "The source is on its way to another database: finish that move, or give it up with --abandon.";

function mayHoldOthers(source: House, target: House): boolean {
  if (target.guard === "draining" || target.guard === "sealed") {
    throw new MoveError(
      "wrong_house",
      "The target is being moved itself: finish that move, or give it up with --abandon.",
    );
  }
  // Left by a move that was given up, or from where the house once moved to the source: nothing of its own.
  const isLeftOver = target.guard === "receiving" || target.guard === "moved";
  return !(isLeftOver && target.counterpartId === source.id);
}
