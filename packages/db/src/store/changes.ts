/** Somebody's watch for changes; costs the engine what it costs until it is stopped. */
export type ChangeWatch = {
  /** How long to wait between two looks at the marker. It may change while watching. */
  readonly pollIntervalMs: number;
  stop: () => void;
};

/** How whoever watches learns that something changed. */
export type ChangeStore = {
  /**
   * Differs from this store's earlier answer whenever any process committed a change in between, however
   * long its transaction took; now and then for nothing. Cheap enough to poll; means nothing to another store.
   */
  changeMarker(): Promise<string>;
  /**
   * Grows whenever any process committed a change since the turn of the event loop before, now and then for nothing;
   * what was read while it stayed the same is what a read would give now. Null where the engine cannot tell for much
   * less than a read costs, or not at this moment.
   */
  changeCount(): number | null;
  /**
   * Says how closely `changeMarker` has to be polled, and calls `onHint` where the engine hears of a commit
   * sooner. A hint may come for nothing and may be missed: only the marker is the truth.
   */
  watchChanges(onHint: () => void): ChangeWatch;
};
