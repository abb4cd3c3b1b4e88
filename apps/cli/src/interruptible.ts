import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What work came to, and the exit code of the signal that stopped it early; null when none did. */
export type Interrupted<T> = { result: T; stoppedBy: number | null };

/**
 * Lets a person stop long work: the first Ctrl-C (or SIGTERM) asks it to end with what is in hand, the second ends
 * the process at once. What that cuts off is settled by the next sweep.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onStop: () => void = () => undefined,
): Promise<Interrupted<T>> {
  const stopping = new AbortController();
  let stoppedBy: number | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    const code = 128 + constants.signals[signal];
    if (stoppedBy !== null) process.exit(code);
    stoppedBy = code;
    onStop();
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const result = await work(stopping.signal);
    return { result, stoppedBy };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
