import type { World } from "../world.ts";
import { sharedPages, type Access } from "./access.ts";
import { BUSINESS_MANAGEMENT } from "./scopes.ts";

/** A scope and the ids it is good for; without `targetIds` it is good for all there are. */
export type GranularScope = { scope: string; targetIds: readonly string[] | undefined };

/** What each scope that is granted by object reaches: Pages, accounts or portfolios. */
export function granularScopes(world: World, access: Access): GranularScope[] {
  const { token, person, consent } = access;
  const isLimited = person.pages.some(({ id }) => !consent.pageIds.includes(id));
  const isNamed = isLimited || world.policy.current.fb_target_ids === "always";
  const pages = sharedPages(access);
  const targets = {
    pages: pages.map(({ id }) => id),
    accounts: pages.flatMap(({ instagramUser }) =>
      instagramUser === null ? [] : (world.people.find(instagramUser)?.professionalId ?? []),
    ),
    portfolios: [
      ...new Set(
        pages.flatMap(({ portfolio }) =>
          portfolio === null || portfolio.role === "none" ? [] : portfolio.id,
        ),
      ),
    ],
  };
  return token.permissions.flatMap((scope) => {
    const kind = targetKind(scope);
    return kind === undefined ? [] : { scope, targetIds: isNamed ? targets[kind] : undefined };
  });
}

function targetKind(scope: string): "pages" | "accounts" | "portfolios" | undefined {
  if (scope === BUSINESS_MANAGEMENT) return "portfolios";
  if (scope.startsWith("pages_")) return "pages";
  return scope.startsWith("instagram_") ? "accounts" : undefined;
}
