import type { ConnectionSummary, Flavour } from "@perennial/db";
import {
  DEFAULT_SCOPES,
  FACEBOOK_DEFAULT_SCOPES,
  FACEBOOK_SCOPES,
  INSTAGRAM_SCOPES,
} from "@perennial/instagram";

import type { MissingScope } from "./views.ts";

/** What a sign-in asks for. */
export const SCOPES_ASKED_FOR: Readonly<Record<Flavour, readonly string[]>> = {
  instagram: DEFAULT_SCOPES,
  facebook: FACEBOOK_DEFAULT_SCOPES,
};

/** Without it nothing works at all: the token cannot even be renewed. */
const NEEDED: Readonly<Record<Flavour, string>> = {
  instagram: "instagram_business_basic",
  facebook: "instagram_basic",
};

const PURPOSES: Readonly<Record<Flavour, readonly { name: string; purpose: string }[]>> = {
  instagram: INSTAGRAM_SCOPES,
  facebook: FACEBOOK_SCOPES,
};

/** The scope a token has to have; null when it has, or nobody said what it has. */
export function neededScopeMissing(flavour: Flavour, permissions: readonly string[] | null): string | null {
  const needed = NEEDED[flavour];
  return permissions === null || permissions.includes(needed) ? null : needed;
}

/** What was asked for, or is needed, and was not granted, with what does not work without it. */
export function missingScopesOf(
  connection: Pick<ConnectionSummary, "flavour" | "permissions" | "requestedScopes">,
): MissingScope[] {
  const { flavour, permissions, requestedScopes } = connection;
  if (permissions === null) return [];
  const wanted = new Set([NEEDED[flavour], ...(requestedScopes ?? [])]);
  const missing = [...wanted].filter((scope) => !permissions.includes(scope));
  return missing.map((scope) => ({
    scope,
    purpose: PURPOSES[flavour].find(({ name }) => name === scope)?.purpose ?? "",
  }));
}
