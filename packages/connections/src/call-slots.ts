/** Room for so many upstream calls at once, which grows and shrinks with how they go. */
export type CallSlots = {
  /** How many may be under way at once. */
  readonly size: number;
  /** Resolves with true once a call may be made, and with false when none may any more. */
  acquire(): Promise<boolean>;
  release(): void;
  /** One more at once after a call that went well, up to the most; one fewer after one that did not. */
  adapt(wentWell: boolean): void;
  /** No call may begin from now on. */
  close(): void;
};

/** Makes slots: `first` at the beginning, never more than `most`. */
export function createCallSlots(first: number, most: number): CallSlots {
  const waiting: ((isGiven: boolean) => void)[] = [];
  let size = Math.min(first, most);
  let used = 0;
  let isClosed = false;
  const give = (): void => {
    while (used < size) {
      const next = waiting.shift();
      if (next === undefined) return;
      used += 1;
      next(true);
    }
  };
  return {
    get size() {
      return size;
    },
    acquire: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve(false);
        waiting.push(resolve);
        give();
      }),
    release: () => {
      used -= 1;
      give();
    },
    adapt: (wentWell) => {
      size = wentWell ? Math.min(most, size + 1) : Math.max(1, size - 1);
      give();
    },
    close: () => {
      isClosed = true;
      for (const refuse of waiting.splice(0)) refuse(false);
    },
  };
}

/** Leave for one attempt to make its upstream call. */
export type CallSlot = {
  /** Resolves with false when no call may be made any more. */
  enter(): Promise<boolean>;
  /** Once the answer is there; again, it does nothing. */
  leave(): void;
};

/** The way of one attempt through the slots; `mayCall` is asked at the last moment, `onLeft` hears of the end. */
export function createPass(
  slots: CallSlots,
  { mayCall, onLeft }: { mayCall: () => boolean; onLeft: () => void },
): CallSlot & { readonly isRefused: boolean } {
  let isInSlot = false;
  let isRefused = false;
  let hasLeft = false;
  return {
    get isRefused() {
      return isRefused;
    },
    enter: async () => {
      isInSlot = await slots.acquire();
      isRefused = !isInSlot || !mayCall();
      return !isRefused;
    },
    leave: () => {
      if (hasLeft) return;
      hasLeft = true;
      if (isInSlot) slots.release();
      onLeft();
    },
  };
}
