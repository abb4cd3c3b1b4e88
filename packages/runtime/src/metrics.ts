import type { ConnectionsEvent, FleetView } from "@perennial/connections";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

import type { Runtime } from "./open-runtime.ts";

/** What Prometheus reads of one process, and of the fleet in the database. */
export type Metrics = {
  readonly contentType: string;
  /** The page, in Prometheus' text format. */
  text(): Promise<string>;
  /** A sweep went through, or did not. */
  observeSweep(sweep: { durationMs: number; isDone: boolean }): void;
};

/** However often it is asked for, the fleet is counted this often at most. */
const COUNTED_EVERY_MS = 10_000;

/** Makes the metrics of a process. The fleet's are the same from every process: take them from one. */
export function createMetrics(runtime: Pick<Runtime, "connections" | "listen" | "clock">): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counted = countEvents(registry);
  runtime.listen(counted);
  const sweeps = new Histogram({
    name: "perennial_sweep_duration_seconds",
    help: "How long sweeps of this process took, by whether they went through.",
    labelNames: ["result"],
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900],
    registers: [registry],
  });
  const setFleet = fleetGauges(registry);
  let countedAtMs = -Infinity;

  return {
    contentType: registry.contentType,
    text: async () => {
      if (performance.now() - countedAtMs >= COUNTED_EVERY_MS) {
        setFleet(await runtime.connections.fleet(), runtime.clock.now());
        countedAtMs = performance.now();
      }
      return await registry.metrics();
    },
    observeSweep: ({ durationMs, isDone }) =>
      sweeps.observe({ result: isDone ? "finished" : "failed" }, durationMs / 1000),
  };
}

const OUTCOMES: Partial<Record<ConnectionsEvent["event"], string>> = {
  "connection.refreshed": "refreshed",
  "connection.failing": "failed",
  "connection.reconnect_required": "reconnect_required",
  "connection.lease_lost": "superseded",
  "connection.crashed": "crashed",
};

function countEvents(registry: Registry): (event: ConnectionsEvent) => void {
  const refreshes = new Counter({
    name: "perennial_refreshes_total",
    help: "Attempts to refresh a token in this process, by what came of them.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const alerts = new Counter({
    name: "perennial_alert_deliveries_total",
    help: "Attempts of this process to send an alert's webhook, by what came of them.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: "perennial_sink_deliveries_total",
    help: "Attempts of this process to deliver a token to a sink, by its kind and what came of them.",
    labelNames: ["kind", "outcome"],
    registers: [registry],
  });
  for (const outcome of Object.values(OUTCOMES)) refreshes.inc({ outcome }, 0);
  return (event) => {
    const outcome = OUTCOMES[event.event];
    if (outcome !== undefined) refreshes.inc({ outcome });
    if (event.event === "sink.delivered" || event.event === "sink.failed")
      deliveries.inc({ kind: event.kind, outcome: event.event === "sink.failed" ? "failed" : "delivered" });
    if (event.event === "alert.sent") alerts.inc({ outcome: event.outcome });
  };
}

function fleetGauges(registry: Registry): (fleet: FleetView, now: Date) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `perennial_${name}`, help, labelNames, registers: [registry] });
  const connections = gauge("connections", "Connections by state; failing and expired ones are active.", [
    "state",
  ]);
  const nearestExpiry = gauge(
    "nearest_expiry_seconds",
    "Seconds to the soonest expiry of an active connection.",
  );
  const chances = gauge(
    "lowest_chances_left",
    "Scheduled attempts left for the connection that has the fewest.",
  );
  const queue = gauge("queue_depth", "Connections that are due now.");
  const breaker = gauge("app_paused", "1 for each Meta app that is paused, by its error code.", [
    "flavour",
    "app_id",
    "code",
  ]);
  const paused = gauge("apps_paused", "How many Meta apps are paused.");
  const sinks = gauge(
    "sinks",
    "Sinks: all, those that wait for a token, and those whose last delivery failed.",
    ["state"],
  );
  const workers = gauge("workers", "Worker processes that run.");
  const swept = gauge(
    "last_sweep_timestamp_seconds",
    "When a worker that runs last finished a sweep, in Unix time; 0 for never.",
  );

  return (fleet, now) => {
    for (const [state, count] of [
      ["active", fleet.active],
      ["failing", fleet.failing],
      ["expired", fleet.expired],
      ["reconnect_required", fleet.reconnectRequired],
    ] as const) {
      connections.set({ state }, count);
    }
    const { nearestExpiryAt, lowestChancesLeft, lastSweptAt } = fleet;
    nearestExpiry.set(
      nearestExpiryAt === null ? Infinity : (nearestExpiryAt.getTime() - now.getTime()) / 1000,
    );
    chances.set(lowestChancesLeft ?? Infinity);
    queue.set(fleet.due);
    breaker.reset();
    for (const { flavour, appId, code } of fleet.pausedApps) breaker.set({ flavour, app_id: appId, code }, 1);
    paused.set(fleet.pausedApps.length);
    sinks.set({ state: "all" }, fleet.sinks.sinks);
    sinks.set({ state: "waiting" }, fleet.sinks.waiting);
    sinks.set({ state: "failing" }, fleet.sinks.failing);
    workers.set(fleet.workers);
    swept.set(lastSweptAt === null ? 0 : lastSweptAt.getTime() / 1000);
  };
}
