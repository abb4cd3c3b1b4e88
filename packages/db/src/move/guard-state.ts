import type { GuardState } from "./movable.ts";

/** Whether a database is in the state that was expected. */
export function isState(house: GuardState | undefined, expected: GuardState): boolean {
  return (
    house !== undefined &&
    house.guard === expected.guard &&
    house.moveId === expected.moveId &&
    house.counterpartId === expected.counterpartId
  );
}
