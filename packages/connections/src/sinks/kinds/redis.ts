import { z } from "zod";

import { address, format, plainText } from "./texts.ts";

/**
 * A key of a Redis server, which ends with the token; or a field of a hash, which does not, as it may hold more.
 * User, password and database are part of the address.
 */
export const redisSettings = z.strictObject({
  kind: z.literal("redis"),
  url: address(["redis", "rediss"], { mayHoldUser: true }).refine(
    (url) => /^(?:\/\d{0,4})?$/.test(new URL(url).pathname),
    "has a path that is not the number of a database",
  ),
  key: plainText(512),
  field: plainText(512).nullable().default(null),
  format,
});

/** Where it is, as it may be shown: without the user and the password. */
export function redisTarget({ url, key, field }: z.infer<typeof redisSettings>): string {
  const { protocol, host, pathname } = new URL(url);
  const place = field === null ? key : `${key} ${field}`;
  return `${protocol}//${host}${pathname} (${place})`;
}
