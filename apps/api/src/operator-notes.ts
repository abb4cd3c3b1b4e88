import { OPERATOR, VISITOR, actingAs, coarseNetworkOf, type Audit } from "@perennial/connections";
import type { Log } from "@perennial/runtime";
import type { Context } from "hono";

import { addressOf, type ClientAddress } from "./client-address.ts";

/** Writes down how operators come in over HTTP. */
export type OperatorNotes = {
  /** Somebody presented a secret that is none. */
  wrongSecret: (context: Context) => void;
  /** Somebody with the right one asked for a sweep. */
  sweepRequested: (context: Context, runId: string) => void;
};

/**
 * Binds them to the audit. They are written behind the answer: a database that is away neither lets anybody in nor keeps
 * a sweep from being run, and the log says what was not written.
 */
export function createOperatorNotes(audit: Audit, log: Log, clientAddress: ClientAddress): OperatorNotes {
  const note = (
    context: Context,
    kind: "operator.refused" | "sweep.requested",
    by: { actor: string; subjectId: string | null },
  ): void => {
    const requestId: unknown = context.get("requestId");
    const acting = {
      actor: by.actor,
      requestId: typeof requestId === "string" ? requestId : null,
      clientNetwork: coarseNetworkOf(addressOf(context, clientAddress)),
    };
    const about = { userId: null, subjectId: by.subjectId, of: acting.clientNetwork ?? "nowhere" };
    actingAs(acting, async () => await audit.recordHourly(kind, about)).catch((error: unknown) => {
      log.warn({ event: "audit.not_written", kind, requestId, err: error }, "an event was not written down");
    });
  };
  return {
    wrongSecret: (context) => note(context, "operator.refused", { actor: VISITOR, subjectId: null }),
    sweepRequested: (context, runId) =>
      note(context, "sweep.requested", { actor: OPERATOR, subjectId: runId }),
  };
}
