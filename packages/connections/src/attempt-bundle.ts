import type { AttemptKind, Flavour } from "@perennial/db";
import type { InstagramErrorReason } from "@perennial/instagram";

import type { ConnectionErrorCode, SignInStep } from "./errors.ts";
import type { AttemptStep } from "./transcript.ts";

/** The mark of the one format there is. */
export const BUNDLE_FORMAT = "perennial.attempt/1";

/**
 * One attempt as it can be handed to somebody who is to find out why it failed: what was called and what came back,
 * in codes. Nobody's name, id, address or token is in it, so it may be sent to anybody, and be played again.
 */
export type AttemptBundle = {
  format: typeof BUNDLE_FORMAT;
  kind: AttemptKind;
  flavour: Flavour;
  /** Null when it went well. */
  code: ConnectionErrorCode | null;
  upstreamReason: InstagramErrorReason | null;
  /** The step of a sign-in that failed. */
  step: SignInStep | null;
  steps: readonly AttemptStep[];
  /** What was asked for and not granted; null where nobody said what was. */
  missingScopes: readonly string[] | null;
};

/** Puts what is known of an attempt into a bundle. */
export function attemptBundle(attempt: Omit<AttemptBundle, "format">): AttemptBundle {
  const { kind, flavour, code, upstreamReason, step, steps, missingScopes } = attempt;
  return { format: BUNDLE_FORMAT, kind, flavour, code, upstreamReason, step, steps, missingScopes };
}
