// A function that is sent each new token by Perennial, signed as Standard Webhooks say. Any of their libraries does
// the same as `isGenuine`. Deliveries are repeated until one is accepted: keep the token before you answer.
import { createHmac, timingSafeEqual } from "node:crypto";

const FIVE_MINUTES_S = 300;

/** Makes the function; `keep` puts the token where the site reads it. */
export const receiveTokens = (secret, keep) =>
  async function handler(request) {
    const body = await request.text();
    if (!isGenuine(request.headers, body, secret)) return new Response(null, { status: 401 });
    const { type, data } = JSON.parse(body);
    if (type === "connection.token") await keep(data); // { access_token, expires_at, account_id, … }
    return new Response(null, { status: 204 });
  };

function isGenuine(headers, body, secret) {
  const id = headers.get("webhook-id");
  const sentAtS = Number(headers.get("webhook-timestamp"));
  if (!(Math.abs(Date.now() / 1000 - sentAtS) < FIVE_MINUTES_S)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${sentAtS}.${body}`).digest();
  return (headers.get("webhook-signature") ?? "").split(" ").some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
