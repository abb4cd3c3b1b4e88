import type { FacebookClient } from "../client.ts";
import { InstagramError } from "../errors.ts";
import { fetchPermissions } from "./fetch-permissions.ts";
import { fetchPagesById, fetchPortfolioPages, tickedPageIds } from "./hidden-pages.ts";
import { inspect } from "./inspect-token.ts";
import { listEdge } from "./list-edge.ts";
import { OWN_PAGE_FIELDS, readPage, type Page } from "./page.ts";
import { sortPages, type FacebookPages } from "./pages.ts";
import { settleInOrder } from "./settle-in-order.ts";
import { endsOfPageTokens } from "./token-ends.ts";
import type { TokenReport } from "./token-report.ts";

type Listing = { pages: Page[]; refusal: InstagramError | null };

/**
 * Reads every Page a person's token reaches, in one round trip: the token is inspected, its Pages are listed and
 * its permissions read back side by side. Nothing is given away of a token that was not issued to this app.
 *
 * Pages a business portfolio hides cost another one or two, and only where something is missing: a Page the
 * person ticked is not listed, or no Page listed gives an account.
 *
 * @throws {InstagramError} the token's own faults; `foreign_app` as its reason for a token of another app,
 *   `user_token_needed` for a Page's token. `retryable` when a list could not be read whole.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-login-for-instagram
 */
export async function fetchPages(client: FacebookClient, token: { value: string }): Promise<FacebookPages> {
  // the inspection's verdict goes first: the other calls only suffer from the same fault
  const [inspection, listing, readBack] = await settleInOrder([
    inspect(client, token),
    listOwnPages(client, token),
    permissionsOrNull(client, token),
  ]);
  const { report, asOf } = inspection;
  const { userId } = requireUserToken(report);
  const permissions = readBack ?? (report.scopes.length === 0 ? null : report.scopes);
  if (listing.refusal !== null && permissions?.includes("pages_show_list") !== false) throw listing.refusal;

  const pageToken = { permissions, issuedAt: asOf, ...endsOfPageTokens(inspection) };
  const person = { userId, permissions, pageToken };
  const listed = sortPages(listing.pages, person);
  const listedIds = new Set(listing.pages.map(({ id }) => id));
  const unlistedIds = tickedPageIds(report)?.filter((id) => !listedIds.has(id)) ?? [];
  if (unlistedIds.length === 0 && listed.accounts.length > 0) return listed;
  const [tickedPages, portfolioPages] = await settleInOrder([
    fetchPagesById(client, token, unlistedIds),
    permissions?.includes("business_management") === false ? [] : fetchPortfolioPages(client, token),
  ]);
  return sortPages([...listing.pages, ...tickedPages, ...portfolioPages], person);
}

function requireUserToken({ kind, userId }: TokenReport): { userId: string } {
  const operation = "fetch_pages";
  if (kind === "page" || kind === "app") {
    throw new InstagramError({ code: "account_not_eligible", reason: "user_token_needed", operation });
  }
  if (userId === null) throw new InstagramError({ code: "unknown", reason: "answer_incomplete", operation });
  return { userId };
}

/** Without `pages_show_list` the list may be refused instead of empty: that is for the permissions to tell. */
async function listOwnPages(client: FacebookClient, token: { value: string }): Promise<Listing> {
  try {
    const edge = { path: "/me/accounts", fields: OWN_PAGE_FIELDS, read: readPage };
    return { pages: await listEdge(client, token, edge), refusal: null };
  } catch (error) {
    if (!(error instanceof InstagramError) || error.code !== "permission_missing") throw error;
    return { pages: [], refusal: error };
  }
}

/** The inspection tells the scopes too, so a failure, of which `onCall` has heard, costs nothing. */
async function permissionsOrNull(client: FacebookClient, token: { value: string }): Promise<string[] | null> {
  try {
    return (await fetchPermissions(client, token)).granted;
  } catch (error) {
    if (error instanceof InstagramError) return null;
    throw error;
  }
}
