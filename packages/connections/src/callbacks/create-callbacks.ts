import type { ConnectionsDeps } from "../deps.ts";
import { createAcceptance, type AcceptedCallback, type CallbackRequest } from "./accept-callback.ts";
import { createCallbackWork } from "./callback-work.ts";

/** How far a deletion is. About nobody: it says neither who asked nor what was there. */
export type DeletionStatus = {
  state: "in_progress" | "completed";
  acceptedAt: Date;
  completedAt: Date | null;
};

/** What Meta tells of people: that they removed the app, or want everything about them gone. */
export type Callbacks = {
  /** Keeps it, and has it worked off behind the answer. @throws {ConnectionError} see {@link createAcceptance} */
  accept(request: CallbackRequest): Promise<AcceptedCallback>;
  /** How far the deletion behind a confirmation code is; null where there is none. */
  deletionStatus(confirmationCode: string): Promise<DeletionStatus | null>;
  /** Works off all that waits; returns how many were. @throws what the store throws */
  settle(): Promise<number>;
  /** Ends the work of this process. */
  stop(): Promise<void>;
};

const CODE = /^[A-Za-z0-9_-]{27}$/;

/** Binds them. */
export function createCallbacks(deps: ConnectionsDeps, onErased: () => void): Callbacks {
  const work = createCallbackWork(deps, onErased);
  const acceptCallback = createAcceptance(deps);
  return {
    accept: async (request) => {
      const accepted = await acceptCallback(request);
      if (accepted.isNew) work.wake();
      return accepted;
    },
    deletionStatus: async (confirmationCode) => {
      const isCode = CODE.test(confirmationCode);
      const found = isCode ? await deps.store.findMetaCallbackByCode(confirmationCode) : null;
      if (found === null) return null;
      const { acceptedAt, completedAt } = found;
      return { state: completedAt === null ? "in_progress" : "completed", acceptedAt, completedAt };
    },
    settle: work.settle,
    stop: work.stop,
  };
}
