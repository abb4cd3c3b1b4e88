/** A version of Meta's API that can be set, and when it stops answering; null where that is not announced. */
export type GraphVersion = { name: string; endsAt: Date | null };

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

/** When the facts of this page were last looked through. */
export const FACTS_CHECKED_AT = day("2026-11-28");

/** The version that calls name unless told otherwise. */
export const CURRENT_GRAPH_VERSION = "v26.0";

/**
 * The versions that still answer, newest first.
 *
 * @see https://developers.facebook.com/docs/graph-api/changelog/versions
 */
export const GRAPH_VERSIONS: readonly GraphVersion[] = [
  { name: "v26.0", endsAt: null },
  { name: "v25.0", endsAt: day("2028-07-29") },
  { name: "v24.0", endsAt: day("2028-02-18") },
  { name: "v23.0", endsAt: day("2027-10-08") },
  { name: "v22.0", endsAt: day("2027-05-20") },
  { name: "v21.0", endsAt: day("2027-01-21") },
  { name: "v20.0", endsAt: day("2026-09-24") },
];

/** Meta's hosts for Instagram Login. */
export const INSTAGRAM_ORIGINS = {
  authorize: "https://www.instagram.com",
  api: "https://api.instagram.com",
  graph: "https://graph.instagram.com",
} as const;

/** Meta's hosts for Facebook Login. */
export const FACEBOOK_ORIGINS = {
  dialog: "https://www.facebook.com",
  graph: "https://graph.facebook.com",
} as const;

/** A scope of Instagram Login that exists today. */
export type InstagramScope =
  | "instagram_business_basic"
  | "instagram_business_content_publish"
  | "instagram_business_manage_comments"
  | "instagram_business_manage_messages"
  | "instagram_business_manage_insights";

/**
 * Every scope of Instagram Login and what it is for. `instagram_business_basic` must be part of every
 * request.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export const INSTAGRAM_SCOPES: readonly { name: InstagramScope; purpose: string }[] = [
  { name: "instagram_business_basic", purpose: "Read the profile and the media; renew the token." },
  { name: "instagram_business_content_publish", purpose: "Publish photos, videos, reels and stories." },
  { name: "instagram_business_manage_comments", purpose: "Read, answer, hide and delete comments." },
  { name: "instagram_business_manage_messages", purpose: "Read and answer direct messages." },
  { name: "instagram_business_manage_insights", purpose: "Read the figures of the account and its media." },
];

/** A scope of Facebook Login an Instagram account is connected with. */
export type FacebookScope =
  | "instagram_basic"
  | "pages_show_list"
  | "pages_read_engagement"
  | "instagram_content_publish"
  | "instagram_manage_comments"
  | "instagram_manage_insights"
  | "business_management"
  | "ads_management"
  | "ads_read";

/**
 * The scopes of Facebook Login an Instagram account is connected with, and what each is for. They cannot take
 * the place of those of Instagram Login.
 *
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-login-for-instagram
 */
export const FACEBOOK_SCOPES: readonly { name: FacebookScope; purpose: string }[] = [
  { name: "instagram_basic", purpose: "Read the profile and the media." },
  { name: "pages_show_list", purpose: "List the Pages, and with them the accounts." },
  { name: "pages_read_engagement", purpose: "Read the Pages the accounts are linked to." },
  { name: "instagram_content_publish", purpose: "Publish photos, videos, reels and stories." },
  { name: "instagram_manage_comments", purpose: "Read, answer, hide and delete comments." },
  { name: "instagram_manage_insights", purpose: "Read the figures of the account and its media." },
  { name: "business_management", purpose: "List the Pages that a business portfolio owns." },
  { name: "ads_management", purpose: "Use Pages whose role comes through a business portfolio." },
  { name: "ads_read", purpose: "Read Pages whose role comes through a business portfolio." },
];

/** A name that Meta takes no more, or will not from a day on. */
export type Ending = {
  /** A scope that is asked for, or an origin that people are sent to for the login page. */
  kind: "scope" | "login_page";
  name: string;
  /** Null for what guides name and Meta never had. */
  endsAt: Date | null;
  instead: string;
};

/** What has ended or is announced to end, so that whoever uses it is told in time, or since when. */
export const ENDINGS: readonly Ending[] = [
  ...scopesEnding("2024-12-04", {
    user_profile: "instagram_business_basic",
    user_media: "instagram_business_basic",
  }),
  ...scopesEnding("2025-01-27", {
    business_basic: "instagram_business_basic",
    business_content_publish: "instagram_business_content_publish",
    business_manage_comments: "instagram_business_manage_comments",
    business_manage_messages: "instagram_business_manage_messages",
  }),
  ...scopesEnding(null, { instagram_business_content_publishing: "instagram_business_content_publish" }),
  {
    kind: "login_page",
    name: "https://api.instagram.com",
    endsAt: day("2026-08-22"),
    instead: INSTAGRAM_ORIGINS.authorize,
  },
];

function scopesEnding(on: string | null, names: Readonly<Record<string, InstagramScope>>): Ending[] {
  const endsAt = on === null ? null : day(on);
  return Object.entries(names).map(([name, instead]) => ({ kind: "scope", name, endsAt, instead }));
}

const DAY_MS = 86_400_000;

/** How something of Meta's stands at an instant. */
export type Standing =
  | { kind: "supported"; endsAt: Date | null }
  | { kind: "ending"; endsAt: Date; daysLeft: number }
  | { kind: "ended"; endsAt: Date | null };

/** The same of a version. `unknown`: Meta may have made it since; nothing is known of its end. */
export type VersionStanding = Standing | { kind: "unknown" };

/** Says whether a version of Meta's API will do, and warns within so many days of its end. */
export function standingOfGraphVersion(name: string, now: Date, warnDays = 90): VersionStanding {
  const version = GRAPH_VERSIONS.find((known) => known.name === name);
  const oldest = GRAPH_VERSIONS.at(-1);
  if (version === undefined)
    return oldest !== undefined && numberOf(name) < numberOf(oldest.name)
      ? { kind: "ended", endsAt: null }
      : { kind: "unknown" };
  return version.endsAt === null
    ? { kind: "supported", endsAt: null }
    : standingAt(version.endsAt, now, warnDays);
}

/** The same of a scope or a login page, with what to use in its stead; null for one that nothing is known to end. */
export function standingOfName(
  kind: Ending["kind"],
  name: string,
  now: Date,
  warnDays = 90,
): (Standing & { instead: string }) | null {
  const ending = ENDINGS.find((known) => known.kind === kind && known.name === name);
  if (ending === undefined) return null;
  const { endsAt, instead } = ending;
  if (endsAt === null) return { kind: "ended", endsAt, instead };
  return { ...standingAt(endsAt, now, warnDays), instead };
}

function standingAt(endsAt: Date, now: Date, warnDays: number): Standing {
  const leftMs = endsAt.getTime() - now.getTime();
  if (leftMs <= 0) return { kind: "ended", endsAt };
  const daysLeft = Math.ceil(leftMs / DAY_MS);
  return daysLeft <= warnDays ? { kind: "ending", endsAt, daysLeft } : { kind: "supported", endsAt };
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}
