import type { AttemptTrigger, ConnectionRecord, Lease, RefreshAttempt } from "@perennial/db";

import type { AppGuard } from "./app-guard.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { newId } from "./ids.ts";
import type { RefreshResult } from "./refresh-result.ts";
import { renewalOf } from "./token-life.ts";
import { stepsUnderWay, writtenTranscript } from "./transcript.ts";

/** What the refresh engine of one process stands on. */
export type Engine = { deps: ConnectionsDeps; guard: AppGuard };

/** One attempt on a connection that is leased: who asked, and since when. */
export type Attempt = {
  lease: Lease;
  connection: ConnectionRecord;
  trigger: AttemptTrigger;
  startedAt: Date;
  /** Made while the app's breaker is open, to see whether it works again. */
  isProbe: boolean;
};

/** What a scheduled attempt on a connection is: a refresh, or a look at a token that only the person can renew. */
export function lookKindOf(connection: Pick<ConnectionRecord, "flavour">): "refresh" | "proof" {
  return renewalOf(connection.flavour) === "person" ? "proof" : "refresh";
}

/** Somebody else has the connection now; nothing was written. */
export function superseded(deps: ConnectionsDeps, lease: Lease): RefreshResult {
  deps.onEvent({ event: "connection.lease_lost", connectionId: lease.connectionId });
  return { kind: "superseded" };
}

/** The row of history for an attempt. */
export function historyRow(
  deps: ConnectionsDeps,
  attempt: Pick<Attempt, "trigger" | "startedAt">,
  result: Pick<RefreshAttempt, "kind" | "outcome" | "tokenExpiresAt"> &
    Partial<Pick<RefreshAttempt, "errorCode" | "traceId" | "transcript">>,
): RefreshAttempt {
  return {
    id: newId("att"),
    trigger: attempt.trigger,
    startedAt: attempt.startedAt,
    finishedAt: deps.now(),
    errorCode: null,
    traceId: null,
    transcript: writtenTranscript({ detail: null, reason: null, steps: stepsUnderWay() }),
    ...result,
  };
}
