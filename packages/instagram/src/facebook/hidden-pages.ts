import { callGraph, field, tokenFields, type FacebookClient } from "../client.ts";
import { InstagramError } from "../errors.ts";
import { readId } from "../wire.ts";
import { listEdge } from "./list-edge.ts";
import { PAGE_FIELDS, readPage, type Page } from "./page.ts";
import type { TokenReport } from "./token-report.ts";

/** More than this nobody ticks by hand, and nobody is in as many portfolios. */
const MOST_LOOKUPS = 50;

/**
 * The Pages a person ticked in the dialog, by their ids; null when all were allowed, or nothing is told.
 */
export function tickedPageIds({ granularScopes }: TokenReport): string[] | null {
  const ids = new Set<string>();
  const entries = granularScopes.filter(({ scope }) => scope.startsWith("pages_"));
  for (const { targetIds } of entries) {
    if (targetIds === null) return null;
    for (const id of targetIds) ids.add(id);
  }
  return entries.length === 0 ? null : [...ids];
}

/**
 * The Pages with these ids, asked for one by one. Of one that is refused nothing is known but its id.
 *
 * @throws {InstagramError} when a call fails for another reason than that the Page is not to be seen.
 */
export async function fetchPagesById(
  client: FacebookClient,
  token: { value: string },
  ids: readonly string[],
): Promise<(Page | { id: string })[]> {
  return await Promise.all(
    ids.slice(0, MOST_LOOKUPS).map(async (id) => (await orRefused(fetchPage(client, token, id))) ?? { id }),
  );
}

/**
 * The Pages of every business portfolio the person is in: those it owns, and those of its clients.
 *
 * @throws {InstagramError} when a call fails for another reason than that the list is not to be seen.
 * @see https://developers.facebook.com/docs/marketing-api/reference/business
 */
export async function fetchPortfolioPages(client: FacebookClient, token: { value: string }): Promise<Page[]> {
  const businesses = { path: "/me/businesses", fields: "id", read: ({ id }: { id?: unknown }) => readId(id) };
  const ids = (await orRefused(listEdge(client, token, businesses))) ?? [];
  const edges = ids.slice(0, MOST_LOOKUPS).flatMap((id) => [`/${id}/owned_pages`, `/${id}/client_pages`]);
  const lists = await Promise.all(
    edges.map((path) => orRefused(listEdge(client, token, { path, fields: PAGE_FIELDS, read: readPage }))),
  );
  return lists.flatMap((pages) => pages ?? []);
}

async function fetchPage(client: FacebookClient, token: { value: string }, id: string): Promise<Page> {
  return await callGraph(client, {
    operation: "fetch_pages",
    origin: client.origins.graph,
    path: `${client.versionPath}/${id}`,
    query: `${field("fields", PAGE_FIELDS)}&${tokenFields(client, token)}`,
    read: readPage,
  });
}

/** Null where this token may not see the object, which is an answer; a failure that may pass is none. */
async function orRefused<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof InstagramError && isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal({ code, reason }: InstagramError): boolean {
  return code === "permission_missing" || code === "app_not_available" || reason === "bad_request";
}
