import type { SinkDelivering, SinkOutcome, SinkSettings } from "@perennial/connections";

import { post } from "./post.ts";
import type { Reach } from "./reach.ts";
import { valueOf } from "./value.ts";

/**
 * Sets a key over Upstash's REST interface: one command as a JSON array, which it answers with 200, or with 400 and
 * the error of Redis.
 *
 * @see https://upstash.com/docs/redis/features/restapi
 */
export async function writeToUpstash(
  { url, token, key, format }: Extract<SinkSettings, { kind: "upstash" }>,
  { sink, message, livesForMs }: SinkDelivering,
  reach: Reach,
): Promise<SinkOutcome> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const body = JSON.stringify(["SET", key, valueOf(format, message), "PX", String(livesForMs)]);
  return await post(reach.transportFor(sink, new URL(url)), { url, headers, body });
}
