import type { AuditDetail, AuditEvent } from "@perennial/db";

import { networkOf } from "./addresses.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { newId } from "./ids.ts";

/** What is written down of what was done. */
export type AuditKind = "callback.accepted" | "callback.worked" | "account.erased" | "account.exported";

/** Where a request came from. */
export type RequestOrigin = {
  requestId: string | null;
  /** A canonical address; null where that is not known. */
  address: string | null;
};

/** Of what no request asked for. */
export const OF_OWN_ACCORD: RequestOrigin = { requestId: null, address: null };

/** An event of the audit, as of now. */
export function auditEvent(
  { wallNow }: Pick<ConnectionsDeps, "wallNow">,
  origin: RequestOrigin,
  event: {
    kind: AuditKind;
    actor: string;
    userId: string | null;
    subjectId: string | null;
    detail?: AuditDetail;
  },
): AuditEvent {
  const { detail = {}, ...rest } = event;
  return {
    id: newId("aud"),
    at: wallNow(),
    ...rest,
    requestId: origin.requestId,
    clientNetwork: origin.address === null ? null : wideNetworkOf(origin.address),
    detail,
  };
}

/** Enough to tell a place by, and too little to tell a person: 24 bits of an IPv4 address, 48 of an IPv6 address. */
function wideNetworkOf(address: string): string {
  if (!address.includes(":")) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  return `${networkOf(address).split(":").slice(0, 3).join(":")}::/48`;
}
