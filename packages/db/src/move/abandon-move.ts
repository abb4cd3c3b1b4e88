import { MoveError } from "./errors.ts";
import type { GuardState, House, Movable } from "./movable.ts";

/**
 * Gives a move up that was not finished: the source takes writes again. What came to the target stays there, closed,
 * until a later move from the same source goes on with it.
 *
 * @param target has to be given when the source says that it was moved: only the target knows whether it was opened.
 * @throws {MoveError} `wrong_house` when there is no such move, or it was finished.
 */
export async function abandonMove({
  source,
  target,
}: {
  source: Movable;
  target: Movable | null;
}): Promise<void> {
  const house = await source.findHouse();
  switch (house.guard) {
    case "open":
      throw new MoveError("wrong_house", "There is no move to give up: the source takes writes.");
    case "receiving":
      throw new MoveError("wrong_house", "This is the target of a move: name the source with --from.");
    case "moved":
      await disinherit(house, target);
      break;
    case "draining":
    case "sealed":
      break;
  }
  const open: GuardState = { guard: "open", moveId: null, counterpartId: null };
  if (!(await source.changeGuard({ from: house, to: open }))) {
    throw new MoveError("taken_over", "The state of the source was changed by somebody else meanwhile.");
  }
}

/** Makes sure that a target which is not open yet will never be by this move. */
async function disinherit(source: House, target: Movable | null): Promise<void> {
  if (target === null) {
    throw new MoveError(
      "wrong_house",
      "The move has come to its last step or was finished: name the target too, which knows. To go back after a " +
        "finished move, move back.",
    );
  }
  const house = await target.findHouse();
  const isUnopened =
    house.id === source.counterpartId && house.guard === "receiving" && house.moveId === source.moveId;
  const closed: GuardState = { guard: "receiving", moveId: null, counterpartId: source.id };
  if (!isUnopened || !(await target.changeGuard({ from: house, to: closed }))) {
    throw new MoveError("wrong_house", "The move was finished: to go back, move back.");
  }
}
