import type { TestKeeper } from "./keeper.ts";

/** How many refreshes were asked of Instagram. */
export const refreshes = (keeper: TestKeeper): number =>
  keeper.sim.ledger().filter(({ endpoint }) => endpoint === "refresh").length;

/** A sweep of a worker, or of another process's. */
export const sweep = (keeper: { connections: TestKeeper["connections"] }, concurrency = 16) =>
  keeper.connections.sweep({ trigger: "worker", concurrency, signal: new AbortController().signal });
