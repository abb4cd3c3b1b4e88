import type { SignInStep } from "./errors.ts";

/** One step of a running sign-in. `ended` comes last, whatever the result. */
export type SignInProgress = { step: SignInStep; status: "started" | "done" | "failed" } | { step: "ended" };

type Attempt = {
  seen: SignInProgress[];
  listeners: Set<() => void>;
  openedAtMs: number;
  endedAtMs: number | null;
};

const KEPT_AFTER_END_MS = 60_000;
/** Longer than an attempt can be under way: whoever looked at one that was never finished is not kept. */
const LONGEST_LIFE_MS = 15 * 60_000;

/**
 * The steps of the sign-ins that this process is finishing, told to whoever looks. Kept in memory only: a
 * page that lands on another process sees the result without the steps.
 */
export class SignInProgressBoard {
  readonly #records = new Map<string, Attempt>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Opens the record of an attempt, and drops those that ended a minute ago or never will. */
  open(attemptId: string): void {
    const nowMs = this.#nowMs();
    for (const [id, record] of this.#records) {
      if (record.openedAtMs >= nowMs - KEPT_AFTER_END_MS) break; // in order of opening: the rest is younger
      const isEnded = record.endedAtMs !== null && record.endedAtMs < nowMs - KEPT_AFTER_END_MS;
      if (isEnded || record.openedAtMs < nowMs - LONGEST_LIFE_MS) this.#records.delete(id);
    }
    this.#recordOf(attemptId);
  }

  /** Adds a step and wakes the listeners. */
  tell(attemptId: string, progress: SignInProgress): void {
    const record = this.#recordOf(attemptId);
    record.seen.push(progress);
    if (progress.step === "ended") record.endedAtMs = this.#nowMs();
    for (const wake of record.listeners) wake();
  }

  /** Yields every step from the first one on; ends with the attempt or the signal. */
  async *watch(attemptId: string, signal: AbortSignal): AsyncGenerator<SignInProgress> {
    this.open(attemptId);
    const record = this.#recordOf(attemptId);
    for (let index = 0; !signal.aborted; index += 1) {
      while (index >= record.seen.length && !signal.aborted) await nextStep(record, signal);
      const progress = record.seen[index];
      if (progress === undefined) return;
      yield progress;
      if (progress.step === "ended") return;
    }
  }

  #recordOf(attemptId: string): Attempt {
    const existing = this.#records.get(attemptId);
    if (existing !== undefined) return existing;
    const record: Attempt = { seen: [], listeners: new Set(), openedAtMs: this.#nowMs(), endedAtMs: null };
    this.#records.set(attemptId, record);
    return record;
  }
}

function nextStep(record: Attempt, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      record.listeners.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    record.listeners.add(wake);
    signal.addEventListener("abort", wake);
  });
}
