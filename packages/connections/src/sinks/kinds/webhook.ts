import { z } from "zod";

import { address } from "./texts.ts";

/** An address that is sent a signed message. The secret it is signed with is made here, and shown once. */
export const webhookSettings = z.strictObject({
  kind: z.literal("webhook"),
  url: address(["https", "http"]),
});

/** Where it is, as it may be shown: what follows the host is a secret with many receivers. */
export function webhookTarget({ url }: z.infer<typeof webhookSettings>): string {
  const { origin, pathname } = new URL(url);
  return pathname === "/" ? origin : `${origin}/…`;
}
