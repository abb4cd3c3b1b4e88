const RESULT_SHOWN_MS = 10 * 60_000;

/** Whether what came of a click is still worth showing: for ten minutes, by the server's clock. */
export function isNews(sinceMs: number, now: number): boolean {
  return now - sinceMs < RESULT_SHOWN_MS;
}
