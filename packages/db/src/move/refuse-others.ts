import { MoveError } from "./errors.ts";
import type { Movable } from "./movable.ts";
import { walkTogether } from "./walk-together.ts";

/**
 * Looks the target through for people and accounts that the source does not know: they would be lost.
 *
 * @throws {MoveError} `foreign_target`, with how many there are.
 */
export async function refuseOthers(source: Movable, target: Movable): Promise<void> {
  for (const table of ["users", "connections"] as const) {
    if ((await target.countRows(table)) === 0) continue;
    let others = 0;
    for await (const pairs of walkTogether(source, target, table)) {
      others += pairs.filter((pair) => pair.source === undefined).length;
    }
    if (others > 0) {
      throw new MoveError(
        "foreign_target",
        `The target holds ${others} ${table} that the source does not know: they would be lost. ` +
          "Move into an empty database.",
      );
    }
  }
}
