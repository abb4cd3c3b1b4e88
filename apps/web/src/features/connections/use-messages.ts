import { trpc, type Alert } from "../../lib/trpc.ts";

/** As many as the api gives at once, of all connections together. */
const LIMIT = 100;
/** The first attempt is made at once; those after it take minutes to days. */
const FIRST_ATTEMPT_POLL_MS = 2_000;
const LATER_ATTEMPT_POLL_MS = 30_000;

/** What the person was told about one connection, newest first. */
export function useMessages(id: string) {
  return trpc.connections.alerts.useQuery(
    { limit: LIMIT },
    {
      select: ({ alerts }) => ({
        messages: alerts.filter(({ connectionId }) => connectionId === id),
        isCut: alerts.length === LIMIT,
      }),
      // What becomes of a webhook changes no connection, so nobody tells.
      refetchInterval: ({ state }) => messagesPollMs(state.data?.alerts ?? []),
    },
  );
}

/** How long until messages are read again by themselves; false when nothing is on its way. */
export function messagesPollMs(
  alerts: readonly Pick<Alert, "deliveryState" | "deliveryAttempts">[],
): number | false {
  const waiting = alerts.filter(({ deliveryState }) => deliveryState === "waiting");
  if (waiting.length === 0) return false;
  const isFirst = waiting.some(({ deliveryAttempts }) => deliveryAttempts === 0);
  return isFirst ? FIRST_ATTEMPT_POLL_MS : LATER_ATTEMPT_POLL_MS;
}

/** A messages query as components take it. */
export type Messages = ReturnType<typeof useMessages>;
