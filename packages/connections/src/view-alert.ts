import type { AlertRecord } from "@perennial/db";

import { problemOf, type Problem } from "./views.ts";

/** Something a person or operator was told. */
export type AlertView = Omit<AlertRecord, "errorCode" | "nextDeliveryAt"> & { problem: Problem | null };

/** Describes an alert. */
export function viewAlert(record: AlertRecord): AlertView {
  const { errorCode, nextDeliveryAt: _nextDeliveryAt, ...alert } = record;
  return { ...alert, problem: problemOf(errorCode, alert.createdAt) };
}
