import type { SinkOutcome } from "@perennial/connections";
import { TransportError, type Transport } from "@perennial/instagram";

import { ADDRESS_REFUSED } from "./public-address.ts";
import { SinkFault } from "./sink-fault.ts";

/** Sends one request that no redirect leads elsewhere; an answer below 300 counts as acceptance. */
export async function post(
  transport: Transport,
  request: { url: string; headers: Record<string, string>; body: string },
): Promise<SinkOutcome> {
  try {
    const { status } = await transport({ method: "POST", ...request });
    return { httpStatus: status, errorCode: codeOfStatus(status) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.systemCode === ADDRESS_REFUSED) throw new SinkFault("sink_address_not_allowed");
    return { httpStatus: error.httpStatus ?? null, errorCode: CODES[error.code] ?? "sink_unreachable" };
  }
}

function codeOfStatus(status: number): SinkOutcome["errorCode"] {
  if (status < 300) return null;
  return status === 401 || status === 403 ? "sink_auth_failed" : "sink_refused";
}

const CODES: Partial<Record<TransportError["code"], SinkOutcome["errorCode"]>> = {
  timeout: "sink_timed_out",
  redirect_refused: "sink_refused",
  body_too_large: "sink_refused",
  headers_too_large: "sink_refused",
  encoding_refused: "sink_refused",
};
