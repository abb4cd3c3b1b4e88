import { createAuthorizationUrl, type AuthorizationRequest } from "./authorization-url.ts";
import type { InstagramApp, InstagramCall, InstagramClient, InstagramOrigins } from "./client.ts";
import { INSTAGRAM_TEXT_RULES } from "./error-rules.ts";
import { exchangeCode, type ShortLivedToken } from "./exchange-code.ts";
import { exchangeForLongLivedToken } from "./exchange-for-long-lived-token.ts";
import { fetchProfile, type InstagramProfile } from "./fetch-profile.ts";
import { fetchPublishingQuota, type PublishingQuota } from "./fetch-publishing-quota.ts";
import { fetchRecentMedia, type MediaPage } from "./fetch-recent-media.ts";
import { probeToken } from "./probe-token.ts";
import { refreshLongLivedToken, type LongLivedToken } from "./refresh-long-lived-token.ts";
import { sharedTransport, type Transport } from "./transport.ts";

/** What a login is built from. */
export type InstagramLoginOptions = {
  app: InstagramApp;
  /** Default: Instagram's own. */
  origins?: Partial<InstagramOrigins>;
  /** The version of data calls; the token endpoints have none. Default: the current one. */
  graphVersion?: string;
  /** Default: one keep-alive transport shared by the whole process. */
  transport?: Transport;
  /** Default: the system's clock. */
  now?: () => Date;
  /** Hears of every upstream call once it has ended. */
  onCall?: (call: InstagramCall) => void;
  /**
   * Hears, before the call's own end, of every answer that shows our clock to be wrong by more than five
   * minutes: by how much it is ahead of the server's, or below 0 behind it. Tokens are safe all the same: their
   * times are counted by the server's clock then. Which of them are due is not.
   */
  onClockSkew?: (skewMs: number) => void;
};

/** Instagram Login for one app: every call a connection needs in its life. */
export type InstagramLogin = {
  readonly flavour: "instagram";
  readonly clientId: string;
  /** See {@link createAuthorizationUrl}. */
  authorizationUrl(input: AuthorizationRequest): string;
  /** See {@link exchangeCode}. */
  exchangeCode(input: { code: string; redirectUri: string }): Promise<ShortLivedToken>;
  /** See {@link exchangeForLongLivedToken}. */
  exchangeForLongLivedToken(token: ShortLivedToken | { value: string }): Promise<LongLivedToken>;
  /** See {@link refreshLongLivedToken}. */
  refreshLongLivedToken(token: { value: string; issuedAt?: Date }): Promise<LongLivedToken>;
  /** See {@link fetchProfile}. */
  fetchProfile(token: { value: string }): Promise<InstagramProfile>;
  /** See {@link fetchRecentMedia}. */
  fetchRecentMedia(
    token: { value: string },
    options?: { limit?: number; after?: string },
  ): Promise<MediaPage>;
  /** See {@link fetchPublishingQuota}. */
  fetchPublishingQuota(token: { value: string }, accountId: string): Promise<PublishingQuota>;
  /** The cheapest proof that a token lives: its account id. See {@link probeToken}. */
  probeToken(token: { value: string }): Promise<string>;
};

const INSTAGRAM_ORIGINS: InstagramOrigins = {
  authorize: "https://www.instagram.com",
  api: "https://api.instagram.com",
  graph: "https://graph.instagram.com",
};

/** Released 2026-07-29. */
const CURRENT_GRAPH_VERSION = "v26.0";

/**
 * Builds Instagram Login for one app. Only the origins given here are ever called.
 *
 * @throws {TypeError} when the app, an origin or the version cannot be right.
 */
export function createInstagramLogin(options: InstagramLoginOptions): InstagramLogin {
  const client = createClient(options);
  return {
    flavour: "instagram",
    clientId: client.app.clientId,
    authorizationUrl: (input) => createAuthorizationUrl(client, input),
    exchangeCode: (input) => exchangeCode(client, input),
    exchangeForLongLivedToken: (token) => exchangeForLongLivedToken(client, token),
    refreshLongLivedToken: (token) => refreshLongLivedToken(client, token),
    fetchProfile: (token) => fetchProfile(client, token),
    fetchRecentMedia: (token, page) => fetchRecentMedia(client, token, page),
    fetchPublishingQuota: (token, accountId) => fetchPublishingQuota(client, token, accountId),
    probeToken: (token) => probeToken(client, token),
  };
}

function createClient(options: InstagramLoginOptions): InstagramClient {
  const { app, origins = {}, graphVersion = CURRENT_GRAPH_VERSION } = options;
  if (app.clientId === "" || app.clientSecret === "") throw new TypeError("The app id or secret is empty.");
  if (!/^v\d{1,3}\.\d{1,2}$/.test(graphVersion)) {
    throw new TypeError("A graph version looks like v26.0.");
  }
  return {
    app: { ...app },
    origins: {
      authorize: originOf("authorize", origins.authorize),
      api: originOf("api", origins.api),
      graph: originOf("graph", origins.graph),
    },
    versionPath: `/${graphVersion}`,
    transport: options.transport ?? sharedTransport(),
    now: options.now ?? (() => new Date()),
    onCall: options.onCall,
    onClockSkew: options.onClockSkew,
    textRules: INSTAGRAM_TEXT_RULES,
  };
}

function originOf(name: keyof InstagramOrigins, value = INSTAGRAM_ORIGINS[name]): string {
  const url = URL.parse(value);
  const isOrigin = url !== null && (url.protocol === "https:" || url.protocol === "http:");
  if (!isOrigin || url.pathname !== "/" || url.search !== "" || url.username !== "" || url.hash !== "") {
    throw new TypeError(`The ${name} origin must be a scheme and a host, such as https://example.com.`);
  }
  return url.origin;
}
