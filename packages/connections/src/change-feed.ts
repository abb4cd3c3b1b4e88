import type { ChangeWatch, ConnectionVersions, Store } from "@perennial/db";

/** However many hints come, the database is looked at no more often than this. */
const LOOK_PAUSE_MS = 100;

type Watcher = {
  userId: string;
  known: ConnectionVersions;
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
 * marker that stands still costs one cheap read. Only when it moved are the watched users looked at, all of
 * them in one query. A hint of the engine's makes the next poll come at once.
 */
export function createChangeFeed(store: Store): ChangeFeed {
  const watchers = new Set<Watcher>();
  const poller = createPoller(store, watchers);

  return {
    watch: async function* watch(userId, signal) {
      const versions = await store.connectionVersions([userId]);
      const known = versions.get(userId) ?? {};
      const watcher: Watcher = { userId, known, changed: new Set(), wake: null };
      const wake = (): void => watcher.wake?.();
      signal.addEventListener("abort", wake);
      watchers.add(watcher);
      poller.start();
      try {
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
        if (watchers.size === 0) poller.stop();
      }
    },
  };
}

type Poller = {
  /** Somebody new watches: what was committed since they read what they know is looked for. */
  start: () => void;
  /** Nobody watches any more. */
  stop: () => void;
};

function createPoller(store: Store, watchers: ReadonlySet<Watcher>): Poller {
  let marker: string | null = null;
  let changes: ChangeWatch | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;
  let isHinted = false;
  let lookedAt = -Infinity;

  const look = async (): Promise<void> => {
    isLooking = true;
    isHinted = false;
    lookedAt = performance.now();
    try {
      const seen = await store.changeMarker();
      const moved = seen !== marker;
      marker = seen;
      if (moved) await lookAtEveryUser(store, watchers);
    } catch {
      marker = null; // the store is away for a moment: the next poll looks at everything again
    }
    isLooking = false;
    schedule();
  };
  const schedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (changes === null || isLooking) return;
    const sinceMs = performance.now() - lookedAt;
    const waitMs = isHinted ? LOOK_PAUSE_MS - sinceMs : changes.pollIntervalMs;
    timer = setTimeout(() => void look(), Math.max(0, waitMs)).unref();
  };
  const onHint = (): void => {
    if (isHinted) return;
    isHinted = true;
    schedule();
  };

  return {
    start: () => {
      marker = null;
      if (changes !== null) return;
      changes = store.watchChanges(onHint);
      schedule();
    },
    stop: () => {
      changes?.stop();
      changes = null;
      schedule();
    },
  };
}

async function lookAtEveryUser(store: Store, watchers: ReadonlySet<Watcher>): Promise<void> {
  const looked = [...watchers]; // who comes meanwhile makes the next poll look again
  const versions = await store.connectionVersions([...new Set(looked.map((watcher) => watcher.userId))]);
  for (const watcher of looked) {
    const now = versions.get(watcher.userId) ?? {};
    for (const id of differences(watcher.known, now)) watcher.changed.add(id);
    watcher.known = now;
    if (watcher.changed.size > 0) watcher.wake?.();
  }
}

function differences(before: ConnectionVersions, after: ConnectionVersions): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (id) => before[id] !== after[id],
  );
}
