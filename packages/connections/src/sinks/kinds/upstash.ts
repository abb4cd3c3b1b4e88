import { z } from "zod";

import { address, format, plainText } from "./texts.ts";

/** A key of a Redis that is reached over Upstash's REST interface; it ends with the token. */
export const upstashSettings = z.strictObject({
  kind: z.literal("upstash"),
  url: address(["https", "http"]),
  /** The REST token, which may write. */
  token: plainText(1_000),
  key: plainText(512),
  format,
});

/** Where it is, as it may be shown. */
export function upstashTarget({ url, key }: z.infer<typeof upstashSettings>): string {
  return `${new URL(url).origin} (${key})`;
}
