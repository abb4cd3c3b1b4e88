import { randomBytes } from "node:crypto";
import { Client } from "pg";

import type { ChangeWatch } from "../store/changes.ts";
import { CHANNEL } from "./announcements.ts";

const INTERVAL_WITH_HINTS_MS = 1_000;
const INTERVAL_WITHOUT_MS = 500;
/** How long the first hint may take to arrive, once it was sent. */
const PROOF_MS = 2_000;
/** How long after a connection was lost the next one is opened. */
const REOPEN_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** The hints of one process. */
export type ChangeHints = {
  watch: (onHint: () => void) => ChangeWatch;
  /** Wakes those who watch in this process, unless they hear of its commits as others do. */
  wakeOwn: () => void;
  close: () => Promise<void>;
};

/**
 * One connection that listens, while anybody watches. It has to prove itself by a hint that this process sends
 * over another connection: behind a pooler in transaction mode none arrives. Then it is given up for good,
 * and those who watch go by their polling alone.
 */
export function createChangeHints(
  connectionString: string,
  send: (payload: string) => Promise<void>,
): ChangeHints {
  const listeners = new Set<() => void>();
  let client: Client | null = null;
  let isProven = false;
  let isGivenUp = false;
  let timer: NodeJS.Timeout | null = null;

  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  const after = (ms: number, act: () => void): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(act, ms).unref();
  };

  const open = (): void => {
    if (client !== null || isGivenUp) return;
    const opened = new Client({
      connectionString,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client = opened;
    const proof = randomBytes(9).toString("base64url");
    const isCurrent = (): boolean => client === opened;
    const reopenLater = (): void => {
      if (!isCurrent()) return;
      drop();
      after(REOPEN_MS, open);
    };
    opened.on("error", reopenLater).on("end", reopenLater);
    opened.on("notification", ({ payload }) => {
      if (payload === proof && isCurrent()) {
        isProven = true;
        if (timer !== null) clearTimeout(timer);
      }
      wake();
    });
    const prove = async (): Promise<void> => {
      await opened.connect();
      await opened.query(`LISTEN ${CHANNEL}`);
      await send(proof);
      if (!isCurrent() || isProven) return;
      after(PROOF_MS, () => {
        isGivenUp = true;
        drop();
      });
    };
    prove().catch(reopenLater);
  };

  const drop = (): void => {
    if (timer !== null) clearTimeout(timer);
    const dropped = client;
    client = null;
    isProven = false;
    dropped?.end().catch(() => undefined); // it may be broken already
  };

  return {
    wakeOwn: () => {
      if (!isProven) wake();
    },
    watch: (onHint) => {
      listeners.add(onHint);
      open();
      return {
        get pollIntervalMs() {
          return isProven ? INTERVAL_WITH_HINTS_MS : INTERVAL_WITHOUT_MS;
        },
        stop: () => {
          listeners.delete(onHint);
          if (listeners.size === 0) drop();
        },
      };
    },
    close: async () => {
      listeners.clear();
      const closing = client;
      drop();
      await closing?.end().catch(() => undefined);
    },
  };
}
