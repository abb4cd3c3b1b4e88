/** Which kind of server. */
export type ProcessKind = "api" | "worker";

/** A server as it makes itself known; the store notes by its own clock when it was last seen. */
export type ProcessBeat = {
  id: string;
  kind: ProcessKind;
  startedAt: Date;
  /** When it last finished a sweep that went through; null for none yet. */
  sweptAt: Date | null;
  /** The ids of the keys it has for tokens, the one it seals with first; null where it does not say. */
  keyIds: string[] | null;
};

/** A server that counts as running. */
export type RunningProcess = ProcessBeat & { seenAt: Date };

/** Which servers run. */
export type ProcessStore = {
  /** Makes a server known, and that it still runs. Costs no sync of the disk. */
  beatProcess(process: ProcessBeat): Promise<void>;
  /** The servers that run: their last beat was less than 30 seconds ago, by the clock that leases go by. */
  listRunningProcesses(): Promise<RunningProcess[]>;
  /** Says that a server has ended. Unknown ones are fine. */
  removeProcess(id: string): Promise<void>;
};
