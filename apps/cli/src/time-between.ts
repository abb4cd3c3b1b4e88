const HOUR_MS = 3_600_000;

/** How long until an instant, as a person says it. */
export function timeBetween(from: Date, to: Date): string {
  const hours = Math.round((to.getTime() - from.getTime()) / HOUR_MS);
  if (hours < 0) return "past";
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** An instant to the minute, by UTC. */
export function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
