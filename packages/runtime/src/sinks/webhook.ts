import type { SinkAnnouncement, SinkDelivering, SinkOutcome, SinkSettings } from "@perennial/connections";
import { Webhook } from "standardwebhooks";

import { post } from "./post.ts";
import type { Reach } from "./reach.ts";
import { SinkFault } from "./sink-fault.ts";

type WebhookSettings = Extract<SinkSettings, { kind: "webhook" }>;

/** Sends a token to an address. */
export async function writeToWebhook(
  settings: WebhookSettings,
  delivering: SinkDelivering,
  reach: Reach,
): Promise<SinkOutcome> {
  const { message, sentAt } = delivering;
  const body = { type: "connection.token", timestamp: sentAt.toISOString(), data: message };
  return await send(settings, { ...delivering, body }, reach);
}

/** Tells an address that its connection was erased. */
export async function announceToWebhook(
  settings: WebhookSettings,
  announcement: SinkAnnouncement,
  reach: Reach,
): Promise<SinkOutcome> {
  const { type, at, connectionId } = announcement.event;
  const body = { type, timestamp: at.toISOString(), data: { connection_id: connectionId } };
  return await send(settings, { ...announcement, body }, reach);
}

/** Signed, so that the receiver can tell it from forgeries and repetitions. */
async function send(
  { url }: WebhookSettings,
  {
    sink,
    messageId,
    sentAt,
    body: content,
  }: Pick<SinkDelivering, "sink" | "messageId" | "sentAt"> & { body: object },
  reach: Reach,
): Promise<SinkOutcome> {
  if (sink.secret === null) throw new SinkFault("sink_unreadable");
  const body = JSON.stringify(content);
  const headers = {
    "content-type": "application/json",
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": new Webhook(sink.secret).sign(messageId, sentAt, body),
  };
  return await post(reach.transportFor(sink, new URL(url)), { url, headers, body });
}
