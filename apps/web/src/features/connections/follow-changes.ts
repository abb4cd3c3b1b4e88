const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/** A stream of changes, as it is opened. */
export type OpenChangeStream = (told: {
  onStarted: () => void;
  onData: (event: { changed: string[] }) => void;
  onError: () => void;
  onStopped: () => void;
}) => { unsubscribe: () => void };

/**
 * Follows a stream of changes until told to stop. The browser bridges a cut by itself; a stream that was
 * refused or ended is opened anew, each time after a longer wait.
 */
export function followChanges(options: {
  open: OpenChangeStream;
  /** Somebody listens again: whatever changed meanwhile was missed. */
  onListening: () => void;
  onChanged: (ids: string[]) => void;
  /** The stream ended, perhaps because the session did. */
  onEnded: () => void;
}): () => void {
  let endings = 0;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stream: { unsubscribe: () => void } | null = null;

  const openAnew = (): void => {
    if (isStopped || timer !== null) return;
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** endings, LONGEST_WAIT_MS);
    endings += 1;
    timer = setTimeout(() => {
      timer = null;
      stream?.unsubscribe();
      open();
    }, waitMs);
    options.onEnded();
  };
  const open = (): void => {
    stream = options.open({
      onStarted: () => {
        endings = 0;
        options.onListening();
      },
      onData: ({ changed }) => options.onChanged(changed),
      onError: openAnew,
      onStopped: openAnew,
    });
  };

  open();
  return () => {
    isStopped = true;
    if (timer !== null) clearTimeout(timer);
    stream?.unsubscribe();
  };
}
