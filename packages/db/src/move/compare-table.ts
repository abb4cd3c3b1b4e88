import type { Journey } from "./copy-table.ts";
import { MoveError } from "./errors.ts";
import { differingColumns, isAppendOnly, type MovedTable } from "./rows.ts";
import { walkTogether } from "./walk-together.ts";

/**
 * Compares a table of both ends row by row and field by field, in both directions; answers how many rows it has.
 *
 * @throws {MoveError} `differs`, with how many rows and which columns, and no value.
 */
export async function compareTable(journey: Omit<Journey, "moveId">, table: MovedTable): Promise<number> {
  const { source, target, onProgress, pageRows } = journey;
  const [ofRows, atTarget] = await Promise.all([source.countRows(table), target.countRows(table)]);
  const found = { same: 0, missing: 0, extra: 0, different: 0, kept: 0 };
  const columns = new Set<string>();
  for await (const pairs of walkTogether(source, target, table, pageRows)) {
    for (const pair of pairs) {
      if (pair.target === undefined) found.missing += 1;
      else if (pair.source === undefined) found[isAppendOnly(table) ? "kept" : "extra"] += 1;
      else {
        const differing = differingColumns(pair.source, pair.target);
        for (const column of differing) columns.add(column);
        found[differing.length === 0 ? "same" : "different"] += 1;
      }
    }
    await onProgress({ step: "comparing", table, rows: found.same, ofRows });
  }
  const { same, missing, extra, different, kept } = found;
  if (same !== ofRows || same + kept !== atTarget || missing + extra + different > 0) {
    const where = columns.size === 0 ? "" : ` (in ${[...columns].sort().join(", ")})`;
    throw new MoveError(
      "differs",
      `The target differs from the source in ${table}: of ${ofRows} rows ${missing} are missing and ${different} are ` +
        `different${where}, ${extra} are too many. Run the same command again: it mends them, and compares again.`,
    );
  }
  return same;
}
