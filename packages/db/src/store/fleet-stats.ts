/** The fleet in numbers, for metrics. */
export type FleetStats = {
  active: number;
  /** Active, and the last attempt failed. */
  failing: number;
  reconnectRequired: number;
  /** Active, with a token that has run out by the clock. */
  expired: number;
  /** To be looked at by now. */
  due: number;
  /** The soonest expiry of an active connection that still lies ahead; null for none. */
  nearestExpiryAt: Date | null;
};

/** The fleet in numbers. */
export type FleetStore = {
  /** The fleet in numbers. Reads what is stored: not for every request. */
  fleetStats(now: Date): Promise<FleetStats>;
};
