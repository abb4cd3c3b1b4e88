import type { Connection } from "../../lib/trpc.ts";

/** A permission with what it is for, and how it stands. */
export type Permission = {
  scope: string;
  purpose: string;
  status: "granted" | "missing" | "not_asked";
};

const KNOWN: Record<Connection["flavour"], readonly (readonly [scope: string, purpose: string])[]> = {
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
    ["public_profile", "Know you again. Facebook grants it to everybody."],
  ],
};

type Granting = Pick<Connection, "flavour" | "missingScopes"> & { permissions: readonly string[] };

/** What is missing first, then what was granted, then what nobody has asked for. */
export function describePermissions({ flavour, permissions, missingScopes }: Granting): Permission[] {
  const known = KNOWN[flavour];
  const granted = new Set(permissions);
  const missing = missingScopes.map(({ scope, purpose }) => ({ scope, purpose, status: "missing" as const }));
  const isMissing = (scope: string): boolean => missing.some((each) => each.scope === scope);
  const described = known
    .filter(([scope]) => !isMissing(scope))
    .map(([scope, purpose]) => {
      const status = granted.has(scope) ? ("granted" as const) : ("not_asked" as const);
      return { scope, purpose, status };
    });
  const others = [...granted]
    .filter((scope) => !known.some(([name]) => name === scope))
    .map((scope) => ({
      scope,
      purpose: "Granted as well; nothing here uses it.",
      status: "granted" as const,
    }));
  return [
    ...missing,
    ...described.filter(({ status }) => status === "granted"),
    ...others,
    ...described.filter(({ status }) => status === "not_asked"),
  ];
}
