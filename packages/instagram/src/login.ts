import type { AuthorizationRequest } from "./authorization-url.ts";
import type { ShortLivedToken } from "./exchange-code.ts";
import type { FacebookPages } from "./facebook/pages.ts";
import type { PermissionReport } from "./facebook/fetch-permissions.ts";
import type { TokenReport } from "./facebook/token-report.ts";
import type { InstagramProfile } from "./fetch-profile.ts";
import type { PublishingQuota } from "./fetch-publishing-quota.ts";
import type { MediaPage } from "./fetch-recent-media.ts";
import type { LongLivedToken } from "./long-lived-token.ts";

/** What both logins can do: every call a connection needs in its life. */
export type Login = {
  readonly flavour: "instagram" | "facebook";
  readonly clientId: string;
  /** The address of the page where a person allows the connection. */
  authorizationUrl(input: AuthorizationRequest): string;
  /** Exchanges an authorization code, once, for a short-lived token. */
  exchangeCode(input: { code: string; redirectUri: string }): Promise<ShortLivedToken>;
  /** Exchanges a short-lived token for a long-lived one. */
  exchangeForLongLivedToken(token: ShortLivedToken | { value: string }): Promise<LongLivedToken>;
  /**
   * The token to keep from now on. Instagram Login issues a new one; Facebook Login knows no renewal, so there
   * it is the same token, proven alive, with its ends as they are now.
   */
  refreshLongLivedToken(token: { value: string; issuedAt?: Date }): Promise<LongLivedToken>;
  /** Who a token belongs to. Facebook Login: the account linked to the Page whose token it is. */
  fetchProfile(token: { value: string }): Promise<InstagramProfile>;
  /** The account's posts, newest first. `accountId` is the professional account id of the profile. */
  fetchRecentMedia(
    token: { value: string },
    accountId: string,
    options?: { limit?: number; after?: string },
  ): Promise<MediaPage>;
  /** The account's publishing quota. `accountId` is the professional account id of the profile. */
  fetchPublishingQuota(token: { value: string }, accountId: string): Promise<PublishingQuota>;
  /** The cheapest proof that a token lives: its professional account id. */
  probeToken(token: { value: string }): Promise<string>;
  /**
   * Proves, without a person, that the app's secret is the right one: for Facebook Login together with the app id,
   * which Instagram Login proves at a sign-in only.
   */
  checkCredentials(): Promise<void>;
};

/** Instagram Login for one app. */
export type InstagramLogin = Login & { readonly flavour: "instagram" };

/** Facebook Login for one app. */
export type FacebookLogin = Login & {
  readonly flavour: "facebook";
  /** Every Page a person's token reaches, each with its token and its account. */
  fetchPages(token: { value: string }): Promise<FacebookPages>;
  /** What Facebook says about a token; refused unless it lives and was issued to this app. */
  inspectToken(token: { value: string }): Promise<TokenReport>;
  /** What the person granted and what not. An expired permission counts as declined. */
  fetchPermissions(token: { value: string }): Promise<PermissionReport>;
  /** Takes every permission of the person back from the app, and with them all its tokens. */
  revoke(token: { value: string }, userId: string): Promise<void>;
};
