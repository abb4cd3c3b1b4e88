export type { AuthorizationRequest } from "./authorization-url.ts";
export type { FacebookOrigins, InstagramApp, InstagramCall, InstagramOrigins } from "./client.ts";
export { ENDED, FACTS_CHECKED_AT, standingOfGraphVersion, type VersionStanding } from "./dated-facts.ts";
export { INSTAGRAM_ERROR_CODES, type InstagramErrorCode, type InstagramOperation } from "./error-codes.ts";
export { ERROR_REASONS, type InstagramErrorReason, type ThrottleScope } from "./error-reasons.ts";
export { textOfReason } from "./error-rules.ts";
export { InstagramError, type InstagramErrorDetails } from "./errors.ts";
export type { ShortLivedToken } from "./exchange-code.ts";
export { createFacebookLogin, type FacebookLoginOptions } from "./facebook/facebook-login.ts";
export type { PermissionReport } from "./facebook/fetch-permissions.ts";
export type { FacebookAccount, FacebookPages, UnusablePage } from "./facebook/pages.ts";
export type { TokenKind, TokenReport } from "./facebook/token-report.ts";
export type { InstagramAccountType, InstagramProfile } from "./fetch-profile.ts";
export type { PublishingQuota } from "./fetch-publishing-quota.ts";
export type { MediaItem, MediaPage } from "./fetch-recent-media.ts";
export { createInstagramLogin, type InstagramLoginOptions } from "./instagram-login.ts";
export type { FacebookLogin, InstagramLogin, Login } from "./login.ts";
export type { LongLivedToken } from "./long-lived-token.ts";
export { parseCallback, type CallbackProblem, type CallbackResult } from "./parse-callback.ts";
export {
  DEFAULT_SCOPES,
  FACEBOOK_DEFAULT_SCOPES,
  FACEBOOK_SCOPES,
  INSTAGRAM_SCOPES,
  RETIRED_SCOPES,
  type FacebookScope,
  type InstagramScope,
} from "./scopes.ts";
export {
  readSignedRequest,
  SignedRequestError,
  type SignedRequest,
  type SignedRequestProblem,
  type SigningSecret,
} from "./signed-request.ts";
export { REFRESHABLE_AFTER_MS, SHORTEST_CREDIBLE_SECONDS } from "./token-life.ts";
export {
  createTransport,
  type Transport,
  type TransportOptions,
  type TransportRequest,
  type TransportResponse,
} from "./transport.ts";
export { TransportError, type TransportErrorCode } from "./transport-error.ts";
export { parseUsageHeaders, type UsagePercent, type UsageReport } from "./usage.ts";
