/** Permits of a limit that were taken together. */
export type PermitGrant = {
  /** How many; fewer than asked for once the window has no more. */
  granted: number;
  /** How many the window still has. */
  left: number;
  /** By the clock that leases go by. */
  windowEndsAt: Date;
  /** How long it lasted yet when they were taken. */
  endsInMs: number;
};

/** A request for permits: of the limit of that name, `limit` are given out in each window of `windowMs`. */
export type TakePermitsInput = { name: string; wanted: number; limit: number; windowMs: number };

/** How much of a limit is used up. */
export type PermitStore = {
  /**
   * Takes permits of a limit, as many as asked for while its window has some. However many processes take them,
   * no more than the limit are given out in a window. Windows go by the clock of the leases. Costs no sync.
   */
  takePermits(input: TakePermitsInput): Promise<PermitGrant>;
  /** Gives back permits that were not used, to the window they are of; to a later one they are worth nothing. */
  returnPermits(input: { name: string; count: number; windowEndsAt: Date }): Promise<void>;
};
