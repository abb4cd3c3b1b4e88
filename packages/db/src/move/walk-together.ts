import type { Movable } from "./movable.ts";
import { compareKeys, keyOf, type MovedKey, type MovedRow, type MovedTable } from "./rows.ts";

/** The rows of both ends under one key; the source's as the target can hold it. */
export type Pair = { key: MovedKey; source: MovedRow | undefined; target: MovedRow | undefined };

/** Rows that are read from each end at once: what a move holds in memory, however large the house. */
export const PAGE_ROWS = 1_000;

/** Walks a table of both ends in the order of their keys, side by side. */
export async function* walkTogether(
  source: Movable,
  target: Movable,
  table: MovedTable,
  pageRows: number = PAGE_ROWS,
): AsyncGenerator<Pair[]> {
  for (let after: MovedKey | null = null; ;) {
    const [sourceRows, targetRows] = await Promise.all([
      source.readPage(table, after, pageRows),
      target.readPage(table, after, pageRows),
    ]);
    const end = endOf(table, [sourceRows, targetRows], pageRows);
    const pairs = pairUp(
      table,
      sourceRows.map((row) => target.storable(row)),
      targetRows,
      end,
    );
    if (pairs.length > 0) yield pairs;
    if (end === null) return;
    after = end;
  }
}

/** Up to where both ends are known: the smaller of the last keys. Null when there are no more rows. */
function endOf(table: MovedTable, pages: readonly MovedRow[][], pageRows: number): MovedKey | null {
  const ends = pages.flatMap((rows) => {
    const last = rows.at(-1);
    return rows.length < pageRows || last === undefined ? [] : [keyOf(table, last)];
  });
  return ends.sort(compareKeys)[0] ?? null;
}

function pairUp(
  table: MovedTable,
  source: readonly MovedRow[],
  target: readonly MovedRow[],
  end: MovedKey | null,
): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (side: "source" | "target", row: MovedRow): void => {
    const key = keyOf(table, row);
    if (end !== null && compareKeys(key, end) > 0) return; // the next page has it again
    const name = key.join("\u0000");
    const pair = pairs.get(name) ?? { key, source: undefined, target: undefined };
    pair[side] = row;
    pairs.set(name, pair);
  };
  for (const row of source) add("source", row);
  for (const row of target) add("target", row);
  return [...pairs.values()];
}
