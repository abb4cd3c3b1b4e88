/** A table with aligned columns, a line per row. Control characters are shown as �. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [head, ...rows].map((row) => row.map(withoutControls));
  const widths = head.map((_, column) => Math.max(...clean.map((row) => [...(row[column] ?? "")].length)));
  return clean
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Names come from people: a terminal must not obey them. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}").slice(0, 120);
}
