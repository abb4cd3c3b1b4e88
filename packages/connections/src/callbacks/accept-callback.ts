import type { MetaCallback, MetaCallbackKind } from "@perennial/db";
import { readSignedRequest, SignedRequestError } from "@perennial/instagram";

import { auditEvent } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { randomText } from "../ids.ts";
import { callbackIdOf } from "./callback-id.ts";

/** A callback as it arrives. */
export type CallbackRequest = {
  kind: MetaCallbackKind;
  /** As it was received. */
  signedRequest: string;
};

/** A callback that will be worked off, whatever happens to this process. */
export type AcceptedCallback = {
  id: string;
  /** Of a deletion: opens the page that says how far it is. */
  confirmationCode: string | null;
  /** Whether there is anything to work off that was not there before. */
  isNew: boolean;
};

/** How many answers a process remembers: a storm is of one, or of few. */
const MOST_REMEMBERED = 1_000;
const CODE_BYTES = 20;
const OLDEST_MS = 24 * 3_600_000;
/** Two clocks never agree to the second. */
const FURTHEST_AHEAD_MS = 600_000;

/**
 * Makes what accepts what Meta tells of people. It is kept before it is answered. The same request again, and an earlier
 * one, are answered alike without being written down; so is one about somebody who is not known here.
 *
 * @throws {ConnectionError} `signed_request_invalid`, `signed_request_forged`, `signed_request_stale`
 */
export function createAcceptance(
  deps: ConnectionsDeps,
): (request: CallbackRequest) => Promise<AcceptedCallback> {
  // A code is for good, and a row only grows younger: what is remembered of one is never wrong.
  const remembered = new Map<string, MetaCallback>();
  return async ({ kind, signedRequest }) => {
    const { flavour, userId: providerUserId, issuedAt } = readCallback(deps, signedRequest);
    const id = callbackIdOf(deps, { kind, flavour, providerUserId });
    const known = remembered.get(id) ?? (await deps.store.findMetaCallback(id));
    if (known !== null && known.issuedAt >= issuedAt)
      return { id, confirmationCode: known.confirmationCode, isNew: false };
    const confirmationCode = kind === "data_deletion" ? randomText(CODE_BYTES) : null;
    const acceptedAt = deps.wallNow();
    const { callback, isNew } = await deps.store.acceptMetaCallback({
      callback: { id, kind, flavour, providerUserId, issuedAt, confirmationCode, acceptedAt },
      audit: auditEvent(deps, "callback.accepted", {
        userId: null,
        subjectId: id,
        detail: { kind, flavour },
      }),
    });
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(id, callback);
    if (isNew) deps.onEvent({ event: "callback.accepted", callbackId: id, kind, flavour });
    return { id, confirmationCode: callback.confirmationCode, isNew };
  };
}

function readCallback(deps: ConnectionsDeps, text: string) {
  try {
    const { userId, issuedAt, signedWith } = readSignedRequest(text, deps.callbackSecrets);
    const agoMs = deps.now().getTime() - issuedAt.getTime();
    if (agoMs > OLDEST_MS || agoMs < -FURTHEST_AHEAD_MS) throw new ConnectionError("signed_request_stale");
    return { userId, issuedAt, flavour: signedWith.flavour };
  } catch (error) {
    if (!(error instanceof SignedRequestError)) throw error;
    const isForged = error.problem === "forged";
    throw new ConnectionError(isForged ? "signed_request_forged" : "signed_request_invalid");
  }
}
