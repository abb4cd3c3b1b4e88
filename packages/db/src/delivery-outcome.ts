import type { RecordAlertDeliveryInput } from "./store/alerts.ts";

/** What an attempt to send an alert makes of the alert. */
export function deliveryOutcome({ delivery, outcome }: RecordAlertDeliveryInput) {
  const { startedAt, durationMs } = delivery;
  return {
    deliveryState: outcome.kind === "again" ? ("waiting" as const) : outcome.kind,
    nextDeliveryAt: outcome.kind === "again" ? outcome.nextDeliveryAt : null,
    deliveredAt: outcome.kind === "delivered" ? new Date(startedAt.getTime() + durationMs) : null,
  };
}
