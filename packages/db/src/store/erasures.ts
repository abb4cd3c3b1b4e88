import type { NewAlert } from "./alerts.ts";
import type { AuditEvent } from "./audit-events.ts";
import type { ConnectionSummary, Flavour } from "./connections.ts";
import type { IdentityRecord } from "./users.ts";

/** Takes the tokens of a connection whose person has removed the app. */
export type RevokeConnectionInput = {
  connectionId: string;
  /** The login they removed it from: a connection that is of another one by now stays. */
  flavour: Flavour;
  /** Only where they allowed it last before this. */
  authorizedBefore: Date;
  errorCode: string;
  /** Tells them, where they have not been asked to reconnect already; whose connection it is is put in. */
  alert: NewAlert;
  now: Date;
  wallNow: Date;
};

/**
 * `done`: what was asked for was done now. `newer`: the person has allowed the app since, and nothing was done. `gone`:
 * there is nothing left to do it to.
 */
export type GoneResult = "done" | "newer" | "gone";

/** Erases a connection and all that belongs to it, and its user with it where it was their last. */
export type EraseConnectionInput = {
  connectionId: string;
  /** Only where the person allowed it last before this. */
  authorizedBefore: Date;
  /** By people's clocks. */
  erasedAt: Date;
  /** Written, with what was erased in numbers, where anything was. */
  audit: AuditEvent;
};

/** Erases who somebody is at a login, where no connection of theirs there is left; and the user, where none is left at all. */
export type EraseIdentitiesInput = {
  flavour: Flavour;
  /** Either of the ids the login knows them by. */
  providerUserId: string;
  erasedAt: Date;
  audit: AuditEvent;
};

/** Erases a user and everything about them. */
export type EraseUserInput = { userId: string; erasedAt: Date; audit: AuditEvent };

/** A webhook of a connection that was erased, which has yet to be told of it. */
export type SinkFarewell = {
  /** The id of the sink, which its settings are sealed for. */
  id: string;
  connectionId: string;
  sealedSettings: string;
  /** By people's clocks, as the next two. */
  erasedAt: Date;
  /** How often somebody set out to tell it. */
  attempts: number;
  nextDeliveryAt: Date;
};

/** What came of telling a webhook that its connection was erased. */
export type SettleFarewellInput = {
  id: string;
  /** When it is told again; null when it is not, because it was told, or never will be. */
  nextDeliveryAt: Date | null;
};

/** How connections lose their tokens, and how they and their people end. */
export type ErasureStore = {
  /** Who a user is at the logins. */
  listIdentities(userId: string): Promise<IdentityRecord[]>;
  /**
   * The connections that somebody known to a login by this id allowed it, disconnected ones too; with those of
   * the accounts they are, whichever login holds them now. Another login's people of the same id are not among them.
   */
  findConnectionsOfPerson(input: { flavour: Flavour; providerUserId: string }): Promise<ConnectionSummary[]>;
  /**
   * Takes the tokens of a connection and asks for a reconnect. A refresh that is under way changes nothing any more. Where
   * the user is left without a connection that works, their sessions and keys end with it.
   */
  revokeConnection(input: RevokeConnectionInput): Promise<GoneResult>;
  /**
   * Erases a connection with its tokens, history, alerts and sinks; where it was its user's last, them with identities,
   * sessions and keys. Nothing that is under way brings any of it back. Its webhooks wait to be told.
   */
  eraseConnection(input: EraseConnectionInput): Promise<GoneResult>;
  /** True when there was an identity to erase. */
  eraseIdentities(input: EraseIdentitiesInput): Promise<boolean>;
  /** False when there is no such user. */
  eraseUser(input: EraseUserInput): Promise<boolean>;
  /** Takes webhooks that have to be told of an erasure: nobody else gets them until `leaseMs` from now. */
  claimFarewells(input: { wallNow: Date; leaseMs: number; limit: number }): Promise<SinkFarewell[]>;
  /** Writes down what came of it. What is not to be told again is forgotten. */
  settleFarewell(input: SettleFarewellInput): Promise<void>;
};
