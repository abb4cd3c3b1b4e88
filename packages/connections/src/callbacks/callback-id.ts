import type { Flavour, MetaCallbackKind } from "@perennial/db";
import { createHmac } from "node:crypto";

import type { ConnectionsDeps } from "../deps.ts";

/** The same for the same person, login and kind, and for nobody to make who has the database alone. */
export function callbackIdOf(
  { linkKey }: Pick<ConnectionsDeps, "linkKey">,
  of: { kind: MetaCallbackKind; flavour: Flavour; providerUserId: string },
): string {
  const text = JSON.stringify(["meta callback", of.kind, of.flavour, of.providerUserId]);
  return `mcb_${createHmac("sha256", linkKey).update(text).digest("base64url")}`;
}
