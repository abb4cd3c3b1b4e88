import { auditEvent } from "./audit/audit-event.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";

/** Forgets the token and stops renewing; a refresh in flight loses its right to write. */
export async function disconnect(
  deps: ConnectionsDeps,
  input: { userId: string; connectionId: string },
): Promise<void> {
  const { userId, connectionId } = input;
  const audit = auditEvent(deps, "connection.disconnected", { userId, subjectId: connectionId });
  const done = await deps.store.disconnect({ ...input, now: deps.now() }, audit);
  if (!done) throw new ConnectionError("connection_not_found");
  deps.onEvent({ event: "connection.disconnected", ...input });
}
