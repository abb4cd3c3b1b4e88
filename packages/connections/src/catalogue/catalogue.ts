import type { InstagramErrorCode, InstagramErrorReason } from "@perennial/instagram";

import type { ConnectionErrorCode, OwnErrorCode } from "../errors.ts";
import type { CatalogueEntry } from "./entry.ts";
import { OF_OWN } from "./own.ts";
import { OF_APP_AND_ACCOUNT } from "./upstream-app.ts";
import { OF_PASSING } from "./upstream-passing.ts";
import { OF_SIGN_IN } from "./upstream-sign-in.ts";
import { OF_TOKEN } from "./upstream-token.ts";

/** An entry for each reason that Meta's answers are told apart by. */
export const CATALOGUE_OF_REASONS: Readonly<Record<InstagramErrorReason, CatalogueEntry>> = {
  ...OF_SIGN_IN,
  ...OF_APP_AND_ACCOUNT,
  ...OF_TOKEN,
  ...OF_PASSING,
};

/** The reason a category stands for when nothing finer is known. */
const REASON_OF_CATEGORY: Readonly<Record<InstagramErrorCode, InstagramErrorReason>> = {
  code_used: "code_used",
  code_expired: "code_expired",
  redirect_uri_mismatch: "redirect_uri_mismatch",
  invalid_client: "app_credentials_refused",
  token_expired: "token_expired",
  token_invalid: "token_rejected",
  token_revoked: "password_changed",
  permission_missing: "permission_missing",
  rate_limited: "throttled",
  transient: "outage",
  token_too_young: "token_too_young",
  user_denied: "denied",
  account_not_eligible: "account_not_professional",
  app_not_available: "unsupported_request",
  unknown: "unrecognised",
};

/** What is known about a failure: by its reason where one is known, otherwise by its code. */
export function catalogueEntry(
  code: ConnectionErrorCode,
  reason: InstagramErrorReason | null = null,
): CatalogueEntry {
  if (isOwn(code)) return OF_OWN[code];
  return CATALOGUE_OF_REASONS[reason ?? REASON_OF_CATEGORY[code]];
}

function isOwn(code: ConnectionErrorCode): code is OwnErrorCode {
  return Object.hasOwn(OF_OWN, code);
}
