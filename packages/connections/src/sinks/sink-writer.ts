import type { SinkKind } from "@perennial/db";

import type { ConnectionErrorCode } from "../errors.ts";
import type { SinkSettings } from "./settings.ts";

/**
 * Who set a sink up: somebody on the web, who must not reach the server's files, programs and inner networks by it;
 * or whoever runs this installation, who can do so anyway.
 */
export type SinkOrigin = "web" | "operator";

/** A sink with its settings in the clear. */
export type OpenedSink = {
  settings: SinkSettings;
  origin: SinkOrigin;
  /** What a webhook is signed with; null for the other kinds. */
  secret: string | null;
};

/** What is delivered: the token, and what its reader needs to know of it. The names are those of the wire. */
export type SinkMessage = {
  connection_id: string;
  account_id: string;
  username: string;
  /** `instagram` or `facebook`: which hosts the token is for. */
  flavour: string;
  access_token: string;
  issued_at: string;
  /** When it stops working, as far as is known. */
  expires_at: string;
  /** Null where nobody said what was granted. */
  scopes: string[] | null;
};

/** One delivery. */
export type SinkDelivering = {
  sink: OpenedSink;
  message: SinkMessage;
  /** The same each time the same token is delivered to the same sink. */
  messageId: string;
  /** When it is sent, by people's clocks. */
  sentAt: Date;
  /** How long the token still lives. */
  livesForMs: number;
  /** Once it is aborted nothing more is written. */
  signal: AbortSignal;
};

/** Something that a webhook is told beside its tokens. */
export type SinkAnnouncement = Pick<SinkDelivering, "sink" | "messageId" | "sentAt" | "signal"> & {
  event: { type: "connection.erased"; at: Date; connectionId: string };
};

/** How a delivery ended: no code when the token is where it is read. */
export type SinkOutcome = { httpStatus: number | null; errorCode: ConnectionErrorCode | null };

/** A kind of sink, and why it cannot be set up here; null when it can. */
export type SinkKindView = { kind: SinkKind; refusal: string | null };

/** What sinks need of files, processes and the network. */
export type SinkWriter = {
  /** Puts a token where it is read. Never throws for reasons of the sink's. */
  write(delivering: SinkDelivering): Promise<SinkOutcome>;
  /** Tells a webhook something. Never throws for reasons of the sink's. */
  announce(announcement: SinkAnnouncement): Promise<SinkOutcome>;
  /**
   * The settings as they are kept, with whole paths.
   *
   * @throws {ConnectionError} `sink_not_allowed` when whoever sets it up may not reach that place.
   */
  admit(settings: SinkSettings, origin: SinkOrigin): Promise<SinkSettings>;
  /** Which kinds can be set up, and why not the others. */
  kinds(origin: SinkOrigin): SinkKindView[];
};
