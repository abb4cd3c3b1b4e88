import { table } from "../lib/table.ts";
import type { Row } from "./rows.ts";
import type { Subject } from "./subject.ts";

/** How much longer one claim may take: times vary with whatever else the machine does. */
const MOST_TIME = 1.3;
/** The same for a total, where every row is read for the first time and comes from the system's memory. */
const MOST_TOTAL_TIME = 1.5;
/** Pages do not vary. A row is found in two trees, and what shared a page in a small one lies apart in a larger one. */
const MORE_PAGES_PER_ROW = 2;

/** Prints how the engine finds what it claims. */
export async function printPlan(subject: Subject): Promise<void> {
  console.log(`\n${subject.engine}, plan of a claim among ${subject.stored} connections:`);
  for (const step of await subject.planOfClaim()) console.log(`  ${step}`);
}

/** Prints the figures of each subject, and how the last compares with the first. */
export function printRows(title: string, columns: readonly string[], rows: readonly Row[]): void {
  const text = ({ unit }: Row, figure: number): string =>
    unit === "pages" ? `${figure} pages` : `${figure.toFixed(2)} ms`;
  const body = rows.map((row) => [
    row.what,
    ...row.figures.map((figure) => text(row, figure)),
    `${ratioOf(row).toFixed(2)} times`,
  ]);
  console.log(`\n${table([[title, ...columns, "last to first"], ...body])}`);
}

/** Says what costs more than it may where more is stored or due. What could not be counted is not judged. */
export function judge(title: string, rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const [first = Number.NaN] = row.figures;
    const last = row.figures.at(-1) ?? Number.NaN;
    const most = mostOf(row, first);
    if (!(last > most)) return [];
    return [
      `${title}: ${row.what} costs ${last.toFixed(1)} ${row.unit}, at most ${most.toFixed(1)} is asked for`,
    ];
  });
}

function mostOf(row: Row, first: number): number {
  switch (row.unit) {
    case "ms":
      return first * MOST_TIME;
    case "ms in all":
      return first * MOST_TOTAL_TIME;
    case "ms in all, held":
      return Number.POSITIVE_INFINITY;
    case "pages":
      return first + row.rows * MORE_PAGES_PER_ROW;
  }
}

function ratioOf({ figures }: Row): number {
  return (figures.at(-1) ?? Number.NaN) / (figures[0] ?? Number.NaN);
}
