import type { SinkDelivering, SinkOutcome, SinkSettings } from "@perennial/connections";
import { Webhook } from "standardwebhooks";

import { post } from "./post.ts";
import type { Reach } from "./reach.ts";
import { SinkFault } from "./sink-fault.ts";

/** Sends a token to an address, signed so that the receiver can tell it from forgeries and repetitions. */
export async function writeToWebhook(
  { url }: Extract<SinkSettings, { kind: "webhook" }>,
  { sink, message, messageId, sentAt }: SinkDelivering,
  reach: Reach,
): Promise<SinkOutcome> {
  if (sink.secret === null) throw new SinkFault("sink_unreadable");
  const body = JSON.stringify({
    type: "connection.token",
    timestamp: sentAt.toISOString(),
    data: message,
  });
  const headers = {
    "content-type": "application/json",
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": new Webhook(sink.secret).sign(messageId, sentAt, body),
  };
  return await post(reach.transportFor(sink, new URL(url)), { url, headers, body });
}
