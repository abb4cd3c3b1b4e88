/** A table with aligned columns, a line per row. Control characters are shown as �. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return createTablePages(head)(rows);
}

/**
 * Prints a table page by page, so that it need not be held whole: the head comes with the first page, and a later
 * page makes a column wider where it must.
 */
export function createTablePages(head: readonly string[]): (rows: readonly (readonly string[])[]) => string {
  let widths = head.map(() => 0);
  let isFirst = true;
  return (rows) => {
    const clean = (isFirst ? [head, ...rows] : rows).map((row) => row.map(withoutControls));
    isFirst = false;
    widths = widths.map((width, column) =>
      clean.reduce((widest, row) => Math.max(widest, [...(row[column] ?? "")].length), width),
    );
    return clean.map((row) => line(row, widths)).join("");
  };
}

function line(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map(
    (cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)),
  );
  return `${cells.join("  ").trimEnd()}\n`;
}

/** Names come from people: a terminal must not obey them. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}").slice(0, 120);
}
