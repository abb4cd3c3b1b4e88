import { TooManyRequests } from "./limits.ts";

/** Streams of one person, in all their tabs and windows, and of everybody: each holds a socket for as long as it likes. */
const MOST_OF_PERSON = 32;
const MOST_OF_ALL = 4_096;
const COME_AGAIN_MS = 10_000;

/** Counts the event streams of this process. */
export type StreamGate = {
  /** Lets one more in; it is gone when it is disposed of. @throws {TooManyRequests} */
  enter(whose: string): Disposable;
};

/** Makes the gate of one process. */
export function createStreamGate(): StreamGate {
  const open = new Map<string, number>();
  let all = 0;
  return {
    enter: (whose) => {
      const own = open.get(whose) ?? 0;
      if (own >= MOST_OF_PERSON || all >= MOST_OF_ALL) throw new TooManyRequests(COME_AGAIN_MS);
      open.set(whose, own + 1);
      all += 1;
      return {
        [Symbol.dispose]: () => {
          const left = (open.get(whose) ?? 1) - 1;
          if (left === 0) open.delete(whose);
          else open.set(whose, left);
          all -= 1;
        },
      };
    },
  };
}
