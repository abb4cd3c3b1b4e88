import type { ConnectionErrorCode } from "./errors.ts";

/** What came of a refresh. Everything a caller plans for is a value. */
export type RefreshResult =
  | { kind: "refreshed"; expiresAt: Date }
  | { kind: "not_due"; dueAt: Date; expiresAt: Date }
  | { kind: "too_young"; refreshableAt: Date }
  | { kind: "failed"; code: ConnectionErrorCode; nextRefreshAt: Date }
  /** Many connections of the app fail alike: it is probed now and then, and nobody has to do anything. */
  | { kind: "paused"; code: ConnectionErrorCode; nextProbeAt: Date }
  | { kind: "reconnect_required"; code: ConnectionErrorCode }
  /** Another process holds the lease and has not finished within the wait. */
  | { kind: "in_progress" }
  /** A reconnect, a disconnect or a lapsed lease came between; nothing was written. */
  | { kind: "superseded" };
