import { coloured, type Colour } from "./colour.ts";
import type { Terminal } from "./output.ts";

/** What stands in a table: a text, or one that has a colour where there are colours. */
export type Cell = string | { text: string; colour: Colour };

/** A table with aligned columns, a line per row. Control characters are shown as �. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  out: Terminal | null = null,
): string {
  return createTablePages(head, out)(rows);
}

/**
 * Prints a table page by page, so that it need not be held whole: the head comes with the first page, and a later
 * page makes a column wider where it must. Colours are shown where `out` shows any.
 */
export function createTablePages(
  head: readonly string[],
  out: Terminal | null = null,
): (rows: readonly (readonly Cell[])[]) => string {
  let widths = head.map(() => 0);
  let isFirst = true;
  return (rows) => {
    const all = (isFirst ? [head, ...rows] : rows).map((row) => row.map(cleanCell));
    isFirst = false;
    widths = widths.map((width, column) =>
      all.reduce((widest, row) => Math.max(widest, lengthOf(row[column]?.text ?? "")), width),
    );
    return all.map((row) => line(row, widths, out)).join("");
  };
}

type CleanCell = { text: string; colour: Colour | null };

function cleanCell(cell: Cell): CleanCell {
  const { text, colour } = typeof cell === "string" ? { text: cell, colour: null } : cell;
  return { text: withoutControls(text), colour };
}

function line(row: readonly CleanCell[], widths: readonly number[], out: Terminal | null): string {
  const last = row.findLastIndex(({ text }) => text !== "");
  const cells = row.slice(0, last + 1).map(({ text, colour }, column) => {
    const shown = colour === null || out === null ? text : coloured(out, colour, text);
    const blanks = column === last ? 0 : Math.max(0, (widths[column] ?? 0) - lengthOf(text));
    return shown + " ".repeat(blanks);
  });
  return `${cells.join("  ")}\n`;
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** Names come from people: a terminal must not obey them. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}").slice(0, 120);
}
