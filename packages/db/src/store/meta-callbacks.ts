import type { AuditEvent } from "./audit-events.ts";
import type { Flavour } from "./connections.ts";

/** `deauthorize`: the person removed the app. `data_deletion`: they want everything about them gone. */
export type MetaCallbackKind = "deauthorize" | "data_deletion";

/**
 * What came of a callback. `unknown`: nobody here goes by that id. `outdated`: the person has allowed the app anew
 * since, and nothing was done.
 */
export type MetaCallbackOutcome = "revoked" | "erased" | "outdated" | "unknown";

/** Something Meta told of a person, accepted and to be worked off. */
export type NewMetaCallback = {
  /** Follows from the request: the same one, sent again, has the same. */
  id: string;
  kind: MetaCallbackKind;
  flavour: Flavour;
  /** Whom it is about, as the login knows them. */
  providerUserId: string;
  /** When Meta issued it, by the clock that tokens age by. */
  issuedAt: Date;
  /** Opens the page that says how far a deletion is; null of a deauthorization. */
  confirmationCode: string | null;
  /** By people's clocks. */
  acceptedAt: Date;
};

/** The same as it is kept. */
export type MetaCallback = Omit<NewMetaCallback, "providerUserId"> & {
  /** Null once it is worked off. */
  providerUserId: string | null;
  completedAt: Date | null;
  outcome: MetaCallbackOutcome | null;
};

/** A callback as it arrives, with the event that says so where it is news. */
export type AcceptMetaCallbackInput = { callback: NewMetaCallback; audit: AuditEvent };

/** The callback as it is kept. `isNew`: it is to be worked off because of this request, and no earlier one. */
export type AcceptedMetaCallback = { callback: MetaCallback; isNew: boolean };

/** A callback that was worked off: whom it is about is forgotten by this. */
export type CompleteMetaCallbackInput = {
  id: string;
  /** The request that was worked off: a later one about the same person stays open. */
  issuedAt: Date;
  outcome: MetaCallbackOutcome;
  completedAt: Date;
  audit: AuditEvent;
};

/** What Meta told of people, from its acceptance to its end. */
export type MetaCallbackStore = {
  /**
   * Keeps what Meta told of a person: one row for each of them and each kind, with one confirmation code for good. A
   * request that is newer than the last one is to be worked off; any other writes nothing.
   */
  acceptMetaCallback(input: AcceptMetaCallbackInput): Promise<AcceptedMetaCallback>;
  /** A callback that was accepted, or null. */
  findMetaCallback(id: string): Promise<MetaCallback | null>;
  /** Whether any was accepted then or later. */
  hasMetaCallbackSince(acceptedAt: Date): Promise<boolean>;
  /** The deletion behind a confirmation code, or null. */
  findMetaCallbackByCode(confirmationCode: string): Promise<MetaCallback | null>;
  /** The callbacks that have yet to be worked off, oldest first: cheap enough to poll. */
  listOpenMetaCallbacks(input: { limit: number }): Promise<MetaCallback[]>;
  /** Writes down what came of one, and forgets whom it was about. False when that was done, or a later request came. */
  completeMetaCallback(input: CompleteMetaCallbackInput): Promise<boolean>;
};
