const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const LOCALE = "en-GB";
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" });
const dayAndMonth = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const dayAndTime = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const whole = new Intl.NumberFormat("en");

type Amount = { count: number; unit: "minute" | "hour" | "day" };

/** The largest unit that still says something: minutes to two hours, hours to two days, then days. */
function amountOf(durationMs: number): Amount {
  const size = Math.abs(durationMs);
  if (size < 2 * HOUR_MS) return { count: Math.round(size / MINUTE_MS), unit: "minute" };
  if (size < 2 * DAY_MS) return { count: Math.round(size / HOUR_MS), unit: "hour" };
  return { count: Math.round(size / DAY_MS), unit: "day" };
}

/** "48 days", "5 hours", "less than a minute". Never negative. */
export function durationWords(durationMs: number): string {
  const { count, unit } = amountOf(Math.max(0, durationMs));
  if (count === 0) return "less than a minute";
  return `${whole.format(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** "in 30 days", "3 hours ago", "in less than a minute", "just now". */
export function relativeWords(atMs: number, nowMs: number): string {
  const { count, unit } = amountOf(atMs - nowMs);
  if (count === 0) return atMs > nowMs ? "in less than a minute" : "just now";
  return relative.format(atMs > nowMs ? count : -count, unit);
}

/** "today", "yesterday", "12 days ago", "tomorrow", "in 3 days", by the days of the calendar here. */
export function calendarWords(atMs: number, nowMs: number): string {
  const days = Math.round((startOfDay(atMs) - startOfDay(nowMs)) / DAY_MS);
  if (days === 0) return "today";
  if (days === -1) return "yesterday";
  if (days === 1) return "tomorrow";
  return relative.format(days, "day");
}

/** "11 May", with the year when it is another one. */
export function dayWords(atMs: number, nowMs: number): string {
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? dayAndMonth : dayMonthYear).format(atMs);
}

/** "11 May 2027, 14:05". */
export function dayAndTimeWords(atMs: number): string {
  return dayAndTime.format(atMs);
}

/** The exact instant with its time zone, for hovering and for screen readers. */
export function exactWords(atMs: number): string {
  return exact.format(atMs);
}

/** "2,880". */
export function countWords(count: number): string {
  return whole.format(count);
}

function startOfDay(atMs: number): number {
  const day = new Date(atMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
