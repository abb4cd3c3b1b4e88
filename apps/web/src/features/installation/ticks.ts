import type { Step } from "../../lib/trpc.ts";

/** Which steps somebody has done. */
export type Ticks = {
  /** Whether a step is done, with the text that it has now: another address has to be registered anew. */
  has(step: Pick<Step, "id" | "copy">): boolean;
  set(step: Pick<Step, "id" | "copy">, isDone: boolean): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
  /** Another value with every change. */
  version(): string;
};

/** A browser keeps it by origin, and so for each installation by itself. */
const STORED_AS = "perennial.steps";

/** Keeps ticks in a storage, where there is one that works; otherwise for as long as the page is open. */
export function createTicks(storage: Storage | null): Ticks {
  const listeners = new Set<() => void>();
  let text = readFrom(storage);
  let done = parse(text);
  const change = (next: ReadonlyMap<string, string>): void => {
    text = JSON.stringify(Object.fromEntries(next));
    done = next;
    writeTo(storage, next.size === 0 ? null : text);
    for (const listener of listeners) listener();
  };
  return {
    has: ({ id, copy }) => done.get(id) === (copy ?? ""),
    set: ({ id, copy }, isDone) => {
      const next = new Map(done);
      if (isDone) next.set(id, copy ?? "");
      else next.delete(id);
      change(next);
    },
    clear: () => change(new Map()),
    subscribe: (listener) => {
      const follow = ({ key, storageArea }: StorageEvent): void => {
        if (storageArea !== storage || (key !== null && key !== STORED_AS)) return;
        text = readFrom(storage);
        done = parse(text);
        listener();
      };
      listeners.add(listener);
      window.addEventListener("storage", follow);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("storage", follow);
      };
    },
    version: () => text,
  };
}

/** The storage of this browser; null where it is not to be had. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null; // switched off by the person: ticks last as long as the page
  }
}

function readFrom(storage: Storage | null): string {
  return storage?.getItem(STORED_AS) ?? "{}";
}

function writeTo(storage: Storage | null, text: string | null): void {
  try {
    if (text === null) storage?.removeItem(STORED_AS);
    else storage?.setItem(STORED_AS, text);
  } catch {
    // Full, or switched off meanwhile: ticks last as long as the page.
  }
}

/** What was stored, whoever wrote it. */
function parse(text: string): ReadonlyMap<string, string> {
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== "object" || stored === null) return new Map();
    return new Map(
      Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return new Map();
  }
}
