import { table } from "../lib/table.ts";
import type { Row } from "./measure.ts";
import type { Subject } from "./subject.ts";

/** Times vary with whatever else the machine does. */
const MOST_TIME = 1.3;
/** Pages do not vary, but a tenfold tree is a level deeper at some of its branches. */
const MOST_PAGES = 1.3;

/** Prints how the engine finds what it claims. */
export async function printPlan(subject: Subject): Promise<void> {
  console.log(`\n${subject.engine}, plan of a claim among ${subject.stored} connections:`);
  for (const step of await subject.planOfClaim()) console.log(`  ${step}`);
}

/** Prints the figures of each subject, and how the last compares with the first. */
export function printRows(title: string, columns: readonly string[], rows: readonly Row[]): void {
  const text = ({ unit }: Row, figure: number): string =>
    unit === "ms" ? `${figure.toFixed(2)} ms` : `${figure} pages`;
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
    const most = row.unit === "ms" ? MOST_TIME : MOST_PAGES;
    const ratio = ratioOf(row);
    if (Number.isNaN(ratio) || ratio <= most) return [];
    return [
      `${title}: ${row.what} costs ${ratio.toFixed(2)} times the ${row.unit}, at most ${most} is asked for`,
    ];
  });
}

function ratioOf({ figures }: Row): number {
  return (figures.at(-1) ?? Number.NaN) / (figures[0] ?? Number.NaN);
}
