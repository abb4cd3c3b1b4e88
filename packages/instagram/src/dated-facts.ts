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

/** What Meta has ended, so that whoever still uses it is told since when. */
export const ENDED: readonly { what: string; names: readonly string[]; endedAt: Date; instead: string }[] = [
  {
    what: "the scopes of Basic Display",
    names: ["user_profile", "user_media"],
    endedAt: day("2024-12-04"),
    instead: "instagram_business_basic",
  },
  {
    what: "the scopes without the word instagram",
    names: [
      "business_basic",
      "business_content_publish",
      "business_manage_comments",
      "business_manage_messages",
    ],
    endedAt: day("2025-01-27"),
    instead: "the same names with instagram_ before them",
  },
  {
    what: "the login page at api.instagram.com",
    names: ["https://api.instagram.com"],
    endedAt: day("2026-08-22"),
    instead: "https://www.instagram.com",
  },
];

const DAY_MS = 86_400_000;

/** How a version stands at an instant. `unknown`: Meta may have made it since; nothing is known of its end. */
export type VersionStanding =
  | { kind: "supported"; endsAt: Date | null }
  | { kind: "ending"; endsAt: Date; daysLeft: number }
  | { kind: "ended"; endsAt: Date | null }
  | { kind: "unknown" };

/** Says whether a version of Meta's API will do, and warns within so many days of its end. */
export function standingOfGraphVersion(name: string, now: Date, warnDays = 90): VersionStanding {
  const version = GRAPH_VERSIONS.find((known) => known.name === name);
  const oldest = GRAPH_VERSIONS.at(-1);
  if (version === undefined)
    return oldest !== undefined && numberOf(name) < numberOf(oldest.name)
      ? { kind: "ended", endsAt: null }
      : { kind: "unknown" };
  const { endsAt } = version;
  if (endsAt === null) return { kind: "supported", endsAt };
  const leftMs = endsAt.getTime() - now.getTime();
  if (leftMs <= 0) return { kind: "ended", endsAt };
  const daysLeft = Math.ceil(leftMs / DAY_MS);
  return daysLeft <= warnDays ? { kind: "ending", endsAt, daysLeft } : { kind: "supported", endsAt };
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}
