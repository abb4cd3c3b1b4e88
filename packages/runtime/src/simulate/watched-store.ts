import type { Store } from "@perennial/db";

/** A store that tells what goes on in it. */
export type WatchedStore = {
  store: Store;
  /** Whether a call has not been answered yet. */
  isBusy(): boolean;
  /** How often a probe of a paused app was taken. */
  probes(): number;
};

/** Watches a store: what is asked of it takes none of the simulated time, and has to be waited for. */
export function watchStore(store: Store): WatchedStore {
  let unanswered = 0;
  let probes = 0;
  const answered = (): void => {
    unanswered -= 1;
  };
  const watch = (method: (...args: unknown[]) => unknown) =>
    function watched(...args: unknown[]): unknown {
      const answer = method(...args);
      if (answer instanceof Promise) {
        unanswered += 1;
        answer.then(answered, answered);
      }
      return answer;
    };
  const watched = Object.fromEntries(
    Object.entries(store).map(([name, method]) => [name, watch(method as (...args: unknown[]) => unknown)]),
  ) as Omit<Store, typeof Symbol.asyncDispose>;
  return {
    store: {
      ...watched,
      takeProbe: async (input) => {
        const isTaken = await watched.takeProbe(input);
        if (isTaken) probes += 1;
        return isTaken;
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    },
    isBusy: () => unanswered > 0,
    probes: () => probes,
  };
}
