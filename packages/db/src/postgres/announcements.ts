import { sql } from "../drizzle.ts";
import type { Engine } from "./engine.ts";
import { ONE_ROW } from "./one-row.ts";

/** The channel that hints go over. */
export const CHANNEL = "perennial_changes";
/** At most this often does a process announce what it committed. */
const PAUSE_MS = 100;

/** Says that something people can see was committed. Costs nothing until the next turn. */
export type Announce = () => void;

/** Tells other processes of commits, outside of the transactions that made them. */
export type Announcements = {
  announce: Announce;
  /** Sends a hint at once, with a text of its own. */
  send: (payload: string) => Promise<void>;
  close: () => void;
};

/**
 * A NOTIFY inside a transaction would make all commits of the database wait for each other, so hints are sent
 * afterwards, one for all commits of a while. `onAnnounced` is told without the detour.
 */
export function createAnnouncements({ db, read }: Engine, onAnnounced: () => void): Announcements {
  const notify = db
    .select({ sent: sql`pg_notify(${CHANNEL}, ${sql.placeholder("payload")}::text)` })
    .from(ONE_ROW)
    .prepare("");
  const send = async (payload: string): Promise<void> => {
    await read((run) => run(notify, { payload }));
  };
  let timer: NodeJS.Timeout | null = null;
  let isWaiting = false;

  const announce = (): void => {
    if (timer !== null) {
      isWaiting = true;
      return;
    }
    isWaiting = false;
    timer = setTimeout(() => {
      timer = null;
      if (isWaiting) announce();
    }, PAUSE_MS).unref();
    onAnnounced();
    send("").catch(() => undefined); // a hint that gets lost costs a watcher one interval of polling
  };

  return {
    announce,
    send,
    close: () => {
      if (timer !== null) clearTimeout(timer);
      isWaiting = false;
    },
  };
}
