import type { FacebookOrigins } from "../client.ts";
import { createClient, type LoginOptions } from "../create-client.ts";
import { FACEBOOK_ORIGINS } from "../dated-facts.ts";
import { FACEBOOK_TEXT_RULES } from "../error-rules.ts";
import { fetchPublishingQuota } from "../fetch-publishing-quota.ts";
import { fetchRecentMedia } from "../fetch-recent-media.ts";
import type { FacebookLogin } from "../login.ts";
import { createDialogUrl } from "./authorization-url.ts";
import { checkCredentials } from "./check-credentials.ts";
import { exchangeFacebookCode } from "./exchange-code.ts";
import { exchangeForLongLivedUserToken } from "./exchange-for-long-lived-token.ts";
import { fetchPageProfile, probePageToken } from "./fetch-page-profile.ts";
import { fetchPages } from "./fetch-pages.ts";
import { fetchPermissions } from "./fetch-permissions.ts";
import { inspectToken } from "./inspect-token.ts";
import { renewKeptToken } from "./renew-kept-token.ts";
import { revoke } from "./revoke.ts";

/** What Facebook Login is built from: the Meta app's pair, not the Instagram app's. */
export type FacebookLoginOptions = LoginOptions<FacebookOrigins> & {
  /** A configuration of Facebook Login for Business; it takes the place of scopes. */
  configId?: string;
};

/**
 * Builds Facebook Login for one app. Only the origins given here are ever called, and every call with an access
 * token carries the proof that we hold the app's secret.
 *
 * @throws {TypeError} when the app, an origin, the version or the configuration cannot be right.
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function createFacebookLogin(options: FacebookLoginOptions): FacebookLogin {
  const { configId } = options;
  if (configId === "") throw new TypeError("The configuration id is empty.");
  const flavour = { origins: FACEBOOK_ORIGINS, textRules: FACEBOOK_TEXT_RULES, provesSecret: true };
  const client = { ...createClient<keyof FacebookOrigins>(options, flavour), configId };
  return {
    flavour: "facebook",
    clientId: client.app.clientId,
    authorizationUrl: (input) => createDialogUrl(client, input),
    exchangeCode: (input) => exchangeFacebookCode(client, input),
    exchangeForLongLivedToken: (token) => exchangeForLongLivedUserToken(client, token),
    refreshLongLivedToken: (token) => renewKeptToken(client, token),
    fetchProfile: (token) => fetchPageProfile(client, token),
    fetchRecentMedia: (token, accountId, page) => fetchRecentMedia(client, token, accountId, page),
    fetchPublishingQuota: (token, accountId) => fetchPublishingQuota(client, token, accountId),
    probeToken: (token) => probePageToken(client, token),
    fetchPages: (token) => fetchPages(client, token),
    inspectToken: (token) => inspectToken(client, token),
    fetchPermissions: (token) => fetchPermissions(client, token),
    revoke: (token, userId) => revoke(client, token, userId),
    checkCredentials: () => checkCredentials(client),
  };
}
