/** What is particular about an event: names and numbers, never a secret. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Something that was done and has to be answered for. */
export type AuditEvent = {
  /** Grows with time, so that events of one instant keep their order. */
  id: string;
  /** By people's clocks. */
  at: Date;
  kind: string;
  /** Who did it: the id of a user or of a key, or `operator`, `meta`, `system`, or `visitor` for who is not signed in. */
  actor: string;
  /** Whose account it was done to; null for nobody's. It outlives them, and leads nowhere then. */
  userId: string | null;
  /** What it was done to: the id of a connection, key, sink, session or callback. */
  subjectId: string | null;
  requestId: string | null;
  /** The network it came from, never the whole address; null where that is not known. */
  clientNetwork: string | null;
  detail: AuditDetail;
};

/** One page of the audit, newest first: what comes before an event, of one user or of everybody. */
export type AuditQuery = {
  userId: string | null;
  /** Only of this kind, or of those that begin with it and a dot. */
  kind?: string;
  /** Only from then on. */
  since?: Date;
  before: Pick<AuditEvent, "at" | "id"> | null;
  limit: number;
};

/** What was done, by whom and to whom. */
export type AuditStore = {
  /** Writes down what was done. What is there under the same id stays as it is: nothing changes an event. */
  appendAuditEvents(events: readonly AuditEvent[]): Promise<void>;
  /** What was done, newest first, for operators and for whoever it was done to. */
  listAuditEvents(query: AuditQuery): Promise<AuditEvent[]>;
};
