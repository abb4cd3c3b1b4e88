import type { OpenedSink, SinkDelivering, SinkMessage, SinkOutcome } from "@perennial/connections";
import { randomBytes } from "node:crypto";

import type { Resolve } from "../sinks/public-address.ts";
import type { SinkLimits } from "../sinks/sink-limits.ts";
import { createSinkWriter } from "../sinks/sink-writer.ts";

/** The token that is delivered. */
export const TOKEN = "IGTOKENfortests123";

/** What a sink is told of it. */
export const MESSAGE: SinkMessage = {
  connection_id: "con_1",
  account_id: "17841400008460056789",
  username: "acme.shop",
  flavour: "instagram",
  access_token: TOKEN,
  issued_at: "2026-06-01T12:00:00.000Z",
  expires_at: "2026-07-31T12:00:00.000Z",
  scopes: ["instagram_business_basic"],
};

/** What webhooks are signed with. */
export const SECRET = `whsec_${randomBytes(32).toString("base64")}`;

/** How long it lives. */
export const DAYS_60_MS = 60 * 86_400_000;

/** What sinks may do unless a test says otherwise. */
export const PRODUCTION: SinkLimits = { folders: [], mayReachPrivate: false, needsTls: false };

/** Delivers the token to one sink, as a writer of its own does. */
export async function write(
  settings: OpenedSink["settings"],
  options: {
    origin?: OpenedSink["origin"];
    limits?: SinkLimits;
    resolve?: Resolve;
    message?: Partial<SinkMessage>;
    signal?: AbortSignal;
  } = {},
): Promise<SinkOutcome> {
  await using writer = createSinkWriter(options.limits ?? PRODUCTION, options.resolve);
  const delivering: SinkDelivering = {
    sink: { settings, origin: options.origin ?? "operator", secret: SECRET },
    message: { ...MESSAGE, ...options.message },
    messageId: "snk_1.1",
    sentAt: new Date(),
    livesForMs: DAYS_60_MS,
    signal: options.signal ?? AbortSignal.timeout(5_000),
  };
  return await writer.write(delivering);
}
