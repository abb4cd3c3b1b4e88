import type { SignInRefusal } from "@perennial/db";
import type { CallbackResult } from "@perennial/instagram";

import type { OwnErrorCode } from "./errors.ts";

/** Why an attempt is not for whoever came with it, as an error. */
export const REFUSALS: Record<SignInRefusal, OwnErrorCode> = {
  unknown: "sign_in_unknown",
  wrong_browser: "sign_in_wrong_browser",
  expired: "sign_in_expired",
  wrong_flavour: "sign_in_wrong_flavour",
  other_code: "sign_in_used",
};

/** What the login page sent instead of a code, as an error. */
export const REFUSED_BECAUSE = {
  user_denied: "user_denied",
  app_in_development: "app_not_available",
  other: "unknown",
} as const;

/** Without a state of ours: whether the address was cut or changed on its way. If not, it never was one of ours. */
export function isDamaged(
  { kind, state }: CallbackResult,
  browserSecretOf: (attemptId: string) => string | null,
): boolean {
  if (kind === "damaged" || state === null) return true;
  const [, attemptId] = /^([A-Za-z0-9_-]{16})\./.exec(state) ?? [];
  return attemptId !== undefined && browserSecretOf(attemptId) !== null;
}
