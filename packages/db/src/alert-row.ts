import type { AlertRecord, NewAlert } from "./store/alerts.ts";

/** An alert as it is written first: waiting where there is a webhook to send it to. */
export function alertRow({ deliverAt, ...alert }: NewAlert): AlertRecord {
  return {
    ...alert,
    deliveryState: deliverAt === null ? "none" : "waiting",
    deliveryAttempts: 0,
    nextDeliveryAt: deliverAt,
    deliveredAt: null,
  };
}

/** Oldest first, and then by id. */
export function byAge(left: AlertRecord, right: AlertRecord): number {
  const earlierMs = left.createdAt.getTime() - right.createdAt.getTime();
  return earlierMs === 0 ? Number(left.id > right.id) - Number(left.id < right.id) : earlierMs;
}
