import { createAuthorizationUrl } from "./authorization-url.ts";
import { checkCredentials } from "./check-credentials.ts";
import type { InstagramOrigins } from "./client.ts";
import { createClient, type LoginOptions } from "./create-client.ts";
import { INSTAGRAM_ORIGINS } from "./dated-facts.ts";
import { INSTAGRAM_TEXT_RULES } from "./error-rules.ts";
import { exchangeCode } from "./exchange-code.ts";
import { exchangeForLongLivedToken } from "./exchange-for-long-lived-token.ts";
import { fetchProfile } from "./fetch-profile.ts";
import { fetchPublishingQuota } from "./fetch-publishing-quota.ts";
import { fetchRecentMedia } from "./fetch-recent-media.ts";
import type { InstagramLogin } from "./login.ts";
import { probeToken } from "./probe-token.ts";
import { refreshLongLivedToken } from "./refresh-long-lived-token.ts";

/** What Instagram Login is built from: the Instagram app's pair, not the Meta app's. */
export type InstagramLoginOptions = LoginOptions<InstagramOrigins>;

/**
 * Builds Instagram Login for one app. Only the origins given here are ever called.
 *
 * @throws {TypeError} when the app, an origin or the version cannot be right.
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function createInstagramLogin(options: InstagramLoginOptions): InstagramLogin {
  const client = createClient<keyof InstagramOrigins>(options, {
    origins: INSTAGRAM_ORIGINS,
    textRules: INSTAGRAM_TEXT_RULES,
    provesSecret: false, // not documented for this host
  });
  return {
    flavour: "instagram",
    clientId: client.app.clientId,
    authorizationUrl: (input) => createAuthorizationUrl(client, input),
    exchangeCode: (input) => exchangeCode(client, input),
    exchangeForLongLivedToken: (token) => exchangeForLongLivedToken(client, token),
    refreshLongLivedToken: (token) => refreshLongLivedToken(client, token),
    fetchProfile: (token) => fetchProfile(client, token),
    fetchRecentMedia: (token, accountId, page) => fetchRecentMedia(client, token, accountId, page),
    fetchPublishingQuota: (token, accountId) => fetchPublishingQuota(client, token, accountId),
    probeToken: (token) => probeToken(client, token),
    checkCredentials: () => checkCredentials(client),
  };
}
