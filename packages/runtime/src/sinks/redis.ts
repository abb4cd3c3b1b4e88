import type { SinkDelivering, SinkOutcome, SinkSettings } from "@perennial/connections";
import type { LookupFunction } from "node:net";

import { ADDRESS_REFUSED, bareHost } from "./public-address.ts";
import type { Reach } from "./reach.ts";
import { SinkFault } from "./sink-fault.ts";
import { valueOf } from "./value.ts";

const CONNECT_LIMIT_MS = 3_000;
const PORT = 6379;

/**
 * Sets a key, which ends with the token, or a field of a hash. A connection for each delivery: a token is delivered
 * once in weeks. The client is loaded by the first one, so that who has no such sink pays nothing for it.
 */
export async function writeToRedis(
  settings: Extract<SinkSettings, { kind: "redis" }>,
  { sink, message, livesForMs, signal }: SinkDelivering,
  reach: Reach,
): Promise<SinkOutcome> {
  const url = new URL(settings.url);
  const lookup = reach.lookupFor(sink, url);
  const { createClient } = await import("@redis/client");
  const client = createClient(optionsOf(url, lookup));
  client.on("error", () => undefined); // what comes of it is thrown where it is waited for
  const giveUp = (): void => client.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  const { key, field } = settings;
  const value = valueOf(settings.format, message);
  try {
    signal.throwIfAborted();
    await client.connect();
    if (field === null) await client.set(key, value, { expiration: { type: "PX", value: livesForMs } });
    else await client.hSet(key, field, value);
    return { httpStatus: null, errorCode: null };
  } catch (error) {
    if (signal.aborted) throw new SinkFault("sink_timed_out", error);
    throw faultOf(error);
  } finally {
    signal.removeEventListener("abort", giveUp);
    if (client.isOpen) client.destroy();
  }
}

function optionsOf(url: URL, lookup: LookupFunction | undefined) {
  const host = bareHost(url);
  const reached = {
    host,
    port: url.port === "" ? PORT : Number(url.port),
    connectTimeout: CONNECT_LIMIT_MS,
    reconnectStrategy: false as const,
    ...(lookup === undefined ? {} : { lookup }),
  };
  const { username, password, pathname } = url;
  return {
    socket: url.protocol === "rediss:" ? { ...reached, tls: true as const, servername: host } : reached,
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    database: Number(pathname.slice(1)),
    RESP: 2 as const, // which servers of every age speak
    disableClientInfo: true,
  };
}

function faultOf(error: unknown): SinkFault {
  if (!(error instanceof Error)) return new SinkFault("sink_unreachable");
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  if (code === ADDRESS_REFUSED) return new SinkFault("sink_address_not_allowed");
  if (/^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/i.test(error.message))
    return new SinkFault("sink_auth_failed");
  // An answer of the server's begins with its code in capitals; all else is the way there.
  return new SinkFault(/^[A-Z]{3,} /.test(error.message) ? "sink_refused" : "sink_unreachable");
}
