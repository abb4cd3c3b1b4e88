import { exactWords, relativeWords } from "../lib/time-words.ts";

type Props = {
  at: string | number;
  now: number;
  /** Other words than the relative ones. */
  words?: string;
  /** It has happened, though this page's clock may be some seconds behind. */
  isPast?: boolean;
};

/** An instant in relative words; the exact one on hover and to screen readers. */
export function Instant({ at, now, words, isPast = false }: Props) {
  const atMs = typeof at === "number" ? at : Date.parse(at);
  const exact = exactWords(atMs);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exact}>
      {words ?? relativeWords(atMs, isPast ? Math.max(atMs, now) : now)}
      <span className="sr-only"> ({exact})</span>
    </time>
  );
}
