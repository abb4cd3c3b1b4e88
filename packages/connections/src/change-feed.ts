import type { ConnectionVersions, Store } from "@perennial/db";

/** How often the database is asked whether anything was committed, while somebody watches. */
const POLL_INTERVAL_MS = 250;

type Watcher = {
  userId: string;
  known: ConnectionVersions | null;
  changed: Set<string>;
  wake: (() => void) | null;
};

/** Tells open pages what any process committed. */
export type ChangeFeed = {
  /** Yields the ids of connections that changed, until the signal is aborted. */
  watch(userId: string, signal: AbortSignal): AsyncIterable<{ changed: string[] }>;
};

/**
 * One poll of the change marker serves every watcher of a process; nobody watching costs nothing, and a
 * marker that stands still costs one cheap read. Only when it moved are the watched users looked at.
 */
export function createChangeFeed(store: Store): ChangeFeed {
  const watchers = new Set<Watcher>();
  let marker: string | null = null;
  let timer: NodeJS.Timeout | null = null;

  const poll = async (): Promise<void> => {
    try {
      const seen = await store.changeMarker();
      const moved = seen !== marker;
      marker = seen;
      if (moved) await lookAtEveryUser(store, watchers);
    } catch {
      marker = null; // the store is away for a moment: the next poll looks at everything again
    }
    schedule();
  };
  const schedule = (): void => {
    timer = watchers.size === 0 ? null : setTimeout(() => void poll(), POLL_INTERVAL_MS);
    timer?.unref();
  };

  return {
    watch: async function* watch(userId, signal) {
      const watcher: Watcher = { userId, known: null, changed: new Set(), wake: null };
      const wake = (): void => watcher.wake?.();
      signal.addEventListener("abort", wake);
      try {
        watcher.known = await store.connectionVersions(userId);
        watchers.add(watcher);
        marker = null;
        if (timer === null) schedule();
        while (!signal.aborted) {
          if (watcher.changed.size === 0)
            await new Promise<void>((resolve) => {
              watcher.wake = resolve;
            });
          const changed = [...watcher.changed];
          watcher.changed.clear();
          if (changed.length > 0) yield { changed };
        }
      } finally {
        watchers.delete(watcher);
        signal.removeEventListener("abort", wake);
      }
    },
  };
}

async function lookAtEveryUser(store: Store, watchers: ReadonlySet<Watcher>): Promise<void> {
  for (const userId of new Set([...watchers].map((watcher) => watcher.userId))) {
    const versions = await store.connectionVersions(userId);
    for (const watcher of watchers) {
      if (watcher.userId !== userId) continue;
      for (const id of differences(watcher.known ?? {}, versions)) watcher.changed.add(id);
      watcher.known = versions;
      if (watcher.changed.size > 0) watcher.wake?.();
    }
  }
}

function differences(before: ConnectionVersions, after: ConnectionVersions): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (id) => before[id] !== after[id],
  );
}
