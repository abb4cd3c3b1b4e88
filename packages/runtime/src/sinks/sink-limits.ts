/** What people on the web may do with sinks. */
export type SinkLimits = {
  /** Whole paths of the folders in which they may have files; none for no files. */
  folders: readonly string[];
  /** Whether they may name addresses of private networks and of this machine. */
  mayReachPrivate: boolean;
  /** Whether they may name encrypted addresses only. */
  needsTls: boolean;
};
