import type { Reply } from "../http/reply.ts";
import { parseFields, unknownField, type FieldRequest } from "../meta/fields.ts";
import { profilePictureUrl } from "../meta/pictures.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import type { Access } from "./access.ts";
import type { FacebookPage, FacebookPerson } from "./person.ts";
import { BASIC } from "./scopes.ts";
import { pageTokenOf } from "./tokens.ts";

/** Gives a field's value; undefined leaves the field out. */
type Render<Of> = (of: Of, inner: readonly FieldRequest[]) => unknown;

/** A kind of node, and the fields it has. */
type NodeKind<Of> = { readonly name: string; readonly fields: Readonly<Record<string, Render<Of>>> };

type PageOf = { world: World; access: Access; page: FacebookPage };
type AccountOf = { world: World; account: SimulatedUser };

/** The Instagram account behind a Page, as Facebook's host shows it; `account_type` is none of its fields. */
export const ACCOUNT: NodeKind<AccountOf> = {
  name: "IGUser",
  fields: {
    id: ({ account }) => account.professionalId,
    username: ({ account }) => account.username,
    name: ({ account }) => account.name ?? undefined,
    profile_picture_url: ({ world, account }) => profilePictureUrl(world, account),
    followers_count: ({ account }) => account.followersCount,
    follows_count: ({ account }) => account.followsCount,
    media_count: ({ account }) => account.media.length,
    biography: ({ account }) => account.biography ?? undefined,
    website: ({ account }) => account.website ?? undefined,
  },
};

export const PAGE: NodeKind<PageOf> = {
  name: "Page",
  fields: {
    id: ({ page }) => page.id,
    name: ({ page }) => page.name,
    category: () => "Local business",
    access_token: ({ world, access, page }) =>
      access.token.pageId === null ? pageTokenOf(world, access.token, page).value : access.token.value,
    instagram_business_account({ world, access, page }, inner) {
      const account = linkedAccount(world, page);
      if (account === undefined || !access.token.permissions.includes(BASIC)) return undefined;
      return renderKnown(ACCOUNT, { world, account }, inner);
    },
  },
};

/** What `/me/accounts` lists: a Page, and what the person may do there. A Page by itself has no tasks. */
export const LISTED_PAGE: NodeKind<PageOf> = {
  name: "Page",
  fields: { ...PAGE.fields, tasks: ({ page }) => page.tasks },
};

export const PERSON: NodeKind<Pick<FacebookPerson, "name"> & { id: string }> = {
  name: "User",
  fields: { id: ({ id }) => id, name: ({ name }) => name },
};

export const PORTFOLIO: NodeKind<{ id: string; name: string }> = {
  name: "Business",
  fields: { id: ({ id }) => id, name: ({ name }) => name },
};

/** The fields of another node that stand inside one of these. */
const INNER: Readonly<Record<string, NodeKind<never>>> = { instagram_business_account: ACCOUNT };

/** The account linked to a Page, if Facebook shows it: only professional ones. */
export function linkedAccount(world: World, { instagramUser }: FacebookPage): SimulatedUser | undefined {
  const account = instagramUser === null ? undefined : world.people.find(instagramUser);
  return account?.accountType === "PERSONAL" ? undefined : account;
}

/** Reads `fields`; the first one that a node of this kind does not have, at whatever depth, fails the whole call. */
export function readFields<Of>(
  world: World,
  kind: NodeKind<Of>,
  query: URLSearchParams,
  usual: string,
): { fields: readonly FieldRequest[] } | { refusal: Reply } {
  const fields = parseFields(query.get("fields") ?? usual);
  const unknown = unknownAmong(kind, fields);
  return unknown === undefined ? { fields } : { refusal: unknownField(world, unknown.name, unknown.node) };
}

/** Renders fields that were read before; the id is always there. */
export function renderKnown<Of>(
  kind: NodeKind<Of>,
  of: Of,
  fields: readonly FieldRequest[],
): Record<string, unknown> {
  const rendered: Record<string, unknown> = {};
  for (const { name, of: inner } of fields) rendered[name] = kind.fields[name]?.(of, inner);
  rendered["id"] ??= kind.fields["id"]?.(of, []);
  return rendered;
}

function unknownAmong(
  kind: NodeKind<never>,
  fields: readonly FieldRequest[],
): { name: string; node: string } | undefined {
  for (const { name, of: inner } of fields) {
    if (!Object.hasOwn(kind.fields, name)) return { name, node: kind.name };
    const innerKind = INNER[name];
    const unknown = innerKind === undefined ? undefined : unknownAmong(innerKind, inner);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}
