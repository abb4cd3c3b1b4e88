import type { Batch, Movable } from "./movable.ts";
import type { OnProgress } from "./progress.ts";
import { MOVED_TABLES, differingColumns, isAppendOnly, type MovedTable } from "./rows.ts";
import { PAGE_ROWS, walkTogether, type Pair } from "./walk-together.ts";

/** A page is written in so many transactions: each is what a kill can undo, and what the drivers take in one statement. */
const BATCHES_OF_PAGE = 2;

/** What was done to a table of the target. */
export type CopiedTable = { written: number; deleted: number };

/** The two ends of a move and its id. */
export type Journey = {
  source: Movable;
  target: Movable;
  moveId: string;
  onProgress: OnProgress;
  /** Rows that are read at once; fewer where a test has no more. */
  pageRows?: number | undefined;
};

/**
 * Makes a table of the target equal to that of the source. What is there already stays as it is, so that a copy
 * that was cut off goes on where it was; there is no other record of how far it came.
 */
export async function copyTable(journey: Journey, table: MovedTable): Promise<CopiedTable> {
  const { source, target, moveId, onProgress, pageRows = PAGE_ROWS } = journey;
  const copied: CopiedTable = { written: 0, deleted: 0 };
  const ofRows = await source.countRows(table);
  let rows = 0;
  for await (const pairs of walkTogether(source, target, table, pageRows)) {
    for (const batch of batchesOf(table, pairs, pageRows / BATCHES_OF_PAGE)) {
      await target.receive(moveId, batch);
      copied.written += batch.upserts.length;
      copied.deleted += batch.deletes.length;
    }
    rows += pairs.filter(({ source }) => source !== undefined).length;
    await onProgress({ step: "copying", table, rows, ofRows });
  }
  return copied;
}

function batchesOf(table: MovedTable, pairs: readonly Pair[], batchRows: number): Batch[] {
  const stays = (pair: Pair): boolean => pair.source === undefined && isAppendOnly(table);
  const changed = pairs.filter((pair) => !stays(pair) && !isEqual(pair));
  const batches: Batch[] = [];
  for (let start = 0; start < changed.length; start += batchRows) {
    const batch = changed.slice(start, start + batchRows);
    batches.push({
      table,
      upserts: batch.map(({ source }) => source).filter((row) => row !== undefined),
      deletes: batch.filter((pair) => mustGo(table, pair)).map(({ key }) => key),
    });
  }
  return batches;
}

function isEqual({ source, target }: Pair): boolean {
  return source !== undefined && target !== undefined && differingColumns(source, target).length === 0;
}

/** Gone from the source; or in the way, because what is unique in it now belongs to another row. */
function mustGo(table: MovedTable, { source, target }: Pair): boolean {
  if (target === undefined) return false;
  if (source === undefined) return true;
  const { unique } = MOVED_TABLES[table] as { unique?: string };
  return unique !== undefined && source[unique] !== target[unique];
}
