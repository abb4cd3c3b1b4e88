import { FILLED_AT } from "../lib/stored-connections.ts";
import { drainAll, timeClaims, whenMoreAreDue } from "./measure.ts";
import type { Subject } from "./subject.ts";

/** What a figure counts. Leases that are held all at once are shown, not judged: no sweep holds them. */
type Unit = "ms" | "ms in all" | "ms in all, held" | "pages";

/** One line of the report: a figure for each column. `rows` is what one claim takes. */
export type Row = { what: string; rows: number; unit: Unit; figures: number[] };

/** Batches: what the worker claims at most, and four times that. */
const LIMITS = [16, 64] as const;
const OVERDUE_MS = 6 * 3_600_000;

/** A database at an instant. */
type Moment = { subject: Subject; now: Date };

/** What one claim costs at each subject, where the same number is due and another is stored. */
export async function measureByStored(
  subjects: readonly Subject[],
  due: number,
  rounds: number,
): Promise<Row[]> {
  const moments = subjects.map((subject) => ({ subject, now: FILLED_AT }));
  return await measureClaims(moments, `of ${due} due`, rounds);
}

/** What one claim costs at one subject with a tenth due, as many as at first, and ten times as many. */
export async function measureByDue(
  subject: Subject,
  due: number,
  rounds: number,
): Promise<{ columns: string[]; rows: Row[] }> {
  const moments = [
    new Date(FILLED_AT.getTime() - 0.9 * OVERDUE_MS),
    FILLED_AT,
    whenMoreAreDue(9 * due, subject.stored, due),
  ].map((now) => ({ subject, now }));
  const columns: string[] = [];
  for (const { now } of moments) columns.push(`${await subject.countDue(now)} due`);
  return { columns, rows: await measureClaims(moments, `of ${subject.stored} stored`, rounds) };
}

async function measureClaims(moments: readonly Moment[], of: string, rounds: number): Promise<Row[]> {
  const result: Row[] = [];
  for (const limit of LIMITS) {
    const row = { what: `claim ${limit} ${of}`, rows: limit };
    result.push({ ...row, unit: "ms", figures: await timeClaims(moments, limit, rounds) });
    const figures: number[] = [];
    for (const { subject, now } of moments) {
      figures.push((await subject.pagesOfClaim(limit, now)) ?? Number.NaN);
    }
    result.push({ ...row, unit: "pages", figures });
  }
  return result;
}

/** What it costs to claim everything that is due. Afterwards nothing is. */
export async function measureDrains(subjects: readonly Subject[], due: number): Promise<Row[]> {
  const result: Row[] = [];
  for (const [index, limit] of LIMITS.entries()) {
    const moments = subjects.map((subject) => ({
      subject,
      now: index === 0 ? FILLED_AT : whenMoreAreDue(due, subject.stored, due),
    }));
    const row = { rows: limit, unit: "ms in all" as const };
    const heldRow = { rows: limit, unit: "ms in all, held" as const };
    const what = `all ${due} due, ${limit} at a time`;
    const held = await drainAll(moments, limit, "hold");
    const saved = await drainAll(moments, limit, "save");
    const per = (ms: number, refreshed: number): number => (ms / refreshed) * due;
    result.push(
      {
        ...heldRow,
        what: `${what}, all leases held: claims`,
        figures: held.map((drain) => per(drain.claimMs, drain.refreshed)),
      },
      {
        ...row,
        what: `${what}, each saved: claims`,
        figures: saved.map((drain) => per(drain.claimMs, drain.refreshed)),
      },
      {
        ...row,
        what: `${what}, each saved: saves`,
        figures: saved.map((drain) => per(drain.saveMs, drain.refreshed)),
      },
    );
  }
  return result;
}
