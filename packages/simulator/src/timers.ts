/** Pauses that end early when the simulator closes, so that no delayed answer outlives it. */
export type Timers = {
  /** Waits real milliseconds; resolves to false when the simulator closed meanwhile. */
  pause(ms: number): Promise<boolean>;
  /** Runs something later; the returned function cancels it. */
  later(ms: number, run: () => void): () => void;
  close(): void;
};

/** Node runs a timer at once that is set to more than this. */
const LONGEST_MS = 2 ** 31 - 1;

export function createTimers(): Timers {
  const pending = new Map<NodeJS.Timeout, () => void>();
  let isClosed = false;

  function start(ms: number, onTime: () => void, onClose: () => void): () => void {
    const timer = setTimeout(
      () => {
        pending.delete(timer);
        onTime();
      },
      Math.min(ms, LONGEST_MS),
    );
    pending.set(timer, onClose);
    return () => {
      pending.delete(timer);
      clearTimeout(timer);
    };
  }

  return {
    pause: (ms) =>
      new Promise((resolve) => {
        if (isClosed) resolve(false);
        else
          start(
            ms,
            () => resolve(true),
            () => resolve(false),
          );
      }),
    later: (ms, run) => (isClosed ? () => undefined : start(ms, run, () => undefined)),
    close() {
      isClosed = true;
      for (const [timer, onClose] of pending) {
        clearTimeout(timer);
        onClose();
      }
      pending.clear();
    },
  };
}
