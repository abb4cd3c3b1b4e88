import type { Flavour } from "../../lib/trpc.ts";

/** A permission with what it is for. */
export type Permission = { scope: string; purpose: string; isGranted: boolean };

const KNOWN: Record<Flavour, readonly (readonly [scope: string, purpose: string])[]> = {
  instagram: [
    ["instagram_business_basic", "Read the profile and the posts. Renewal depends on it."],
    ["instagram_business_content_publish", "Publish posts, reels and stories."],
    ["instagram_business_manage_comments", "Read, answer, hide and delete comments."],
    ["instagram_business_manage_messages", "Read and answer messages."],
    ["instagram_business_manage_insights", "Read reach and engagement figures."],
  ],
  facebook: [
    ["instagram_basic", "Read the profile and the posts."],
    ["pages_show_list", "Find the Page the account is linked to."],
    ["pages_read_engagement", "Read the Page through which the account is reached."],
    ["instagram_content_publish", "Publish posts, reels and stories."],
    ["business_management", "Find Pages that belong to a business portfolio."],
  ],
};

/** What was granted, what of the known ones is missing, and what we do not know; granted ones first. */
export function describePermissions(flavour: Flavour, granted: readonly string[]): Permission[] {
  const known = KNOWN[flavour];
  const described = known.map(([scope, purpose]) => ({ scope, purpose, isGranted: granted.includes(scope) }));
  const others = [...new Set(granted)]
    .filter((scope) => !known.some(([name]) => name === scope))
    .map((scope) => ({ scope, purpose: "Granted as well; nothing here uses it.", isGranted: true }));
  return [
    ...described.filter(({ isGranted }) => isGranted),
    ...others,
    ...described.filter(({ isGranted }) => !isGranted),
  ];
}
