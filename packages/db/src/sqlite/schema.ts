export { alertDeliveries, alerts, appBreakers } from "./schema-of-alerts.ts";
export { connections, refreshAttempts } from "./schema-of-connections.ts";
export { apiKeys, identities, sessions, signInAttempts, users } from "./schema-of-people.ts";
export { sinkDeliveries, sinks } from "./schema-of-sinks.ts";
export { auditEvents, erasures, metaCallbacks, sinkFarewells } from "./schema-of-the-gone.ts";
export { house, keyChecks, processes, rateLimits, runs } from "./schema-of-the-house.ts";
