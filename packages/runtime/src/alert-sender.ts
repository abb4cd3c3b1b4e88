import type { SendAlert } from "@perennial/connections";
import { TransportError, type Transport } from "@perennial/instagram";
import { Webhook } from "standardwebhooks";

/**
 * Sends alerts to one address, signed so that the receiver can tell them from forgeries and repetitions.
 * Redirects are not followed, and a receiver has ten seconds.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createAlertSender(webhook: { url: string; secret: string }, transport: Transport): SendAlert {
  const signer = new Webhook(webhook.secret);
  return async (id, message) => {
    const body = JSON.stringify(message);
    const sentAt = new Date();
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
      "webhook-signature": signer.sign(id, sentAt, body),
    };
    try {
      const { status } = await transport({ method: "POST", url: webhook.url, headers, body });
      const isAccepted = status >= 200 && status < 300;
      return { httpStatus: status, errorCode: isAccepted ? null : "refused" };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return { httpStatus: error.httpStatus ?? null, errorCode: error.code };
    }
  };
}
