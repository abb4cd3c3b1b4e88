import type { Call, Endpoint, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { unknownField } from "../meta/fields.ts";
import { graphError, graphReply } from "../meta/graph-reply.ts";
import { sheetOf } from "../meta/paging.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { World } from "../world.ts";
import { identifyByToken, requireAccess, sharedPages, type Access } from "./access.ts";
import { isOwnNode, missingNode } from "./me.ts";
import { LISTED_PAGE, PAGE, PORTFOLIO, readFields, renderKnown } from "./nodes.ts";
import type { FacebookPage, PagePortfolio } from "./person.ts";
import { BUSINESS_MANAGEMENT, PAGES_SHOW_LIST } from "./scopes.ts";

/** `GET /me/accounts`: the Pages a person shares, a sheet at a time. */
export const pages: Endpoint = {
  at: "pages",
  flavour: "fb",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnEdge(world, call, subject, "accounts");
    if ("refusal" in own) return own.refusal;
    const { access } = own;
    const isAllowed = access.token.permissions.includes(PAGES_SHOW_LIST); // without it the list is empty, not refused
    const listed = isAllowed ? sharedPages(access).filter((page) => isListed(access, page)) : [];
    return pageSheet(world, call, access, listed, LISTED_PAGE, "access_token,category,name,id,tasks");
  },
};

/** `GET /me/businesses`: the portfolios in which a person has a role. */
export const businesses: Endpoint = {
  at: "businesses",
  flavour: "fb",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnEdge(world, call, subject, "businesses");
    if ("refusal" in own) return own.refusal;
    const refusal = requireBusinessManagement(world, own.access);
    if (refusal !== undefined) return refusal;
    const read = readFields(world, PORTFOLIO, call.query, "id,name");
    if ("refusal" in read) return read.refusal;
    const sheet = sheetOf(world, call, portfoliosOf(own.access));
    if (sheet === undefined) return badSheet(world);
    const data = sheet.items.map((one) => renderKnown(PORTFOLIO, one, read.fields));
    return graphReply(world, undefined, JSON.stringify({ data, paging: sheet.paging }));
  },
};

/** `GET /{portfolio id}/owned_pages`. */
export const ownedPages = portfolioPages("owned");

/** `GET /{portfolio id}/client_pages`. */
export const clientPages = portfolioPages("client");

function portfolioPages(relation: PagePortfolio["relation"]): Endpoint {
  return {
    at: "businesses",
    flavour: "fb",
    identify: identifyByToken,
    process(world, call, subject) {
      if (call.method !== "GET") return graphError(world, unsupported(call));
      const access = requireAccess(world, call, subject);
      if ("refusal" in access) return access.refusal;
      const refusal = requireBusinessManagement(world, access);
      if (refusal !== undefined) return refusal;
      if (!portfoliosOf(access).some(({ id }) => id === call.nodeId)) return missingNode(world, call.nodeId);
      const listed = sharedPages(access).filter(
        ({ portfolio }) =>
          portfolio !== null &&
          portfolio.id === call.nodeId &&
          portfolio.relation === relation &&
          portfolio.role !== "none",
      );
      return pageSheet(world, call, access, listed, PAGE, "name,id");
    },
  };
}

/** A Page of a portfolio is listed only with `business_management` and a role there; a system user sees its own. */
function isListed({ token }: Access, { portfolio }: FacebookPage): boolean {
  if (portfolio === null) return true;
  if (portfolio.role !== "assigned") return false;
  return token.kind === "system_user" || token.permissions.includes(BUSINESS_MANAGEMENT);
}

function portfoliosOf(access: Access): PagePortfolio[] {
  const byId = new Map<string, PagePortfolio>();
  for (const { portfolio } of sharedPages(access)) {
    if (portfolio !== null && portfolio.role !== "none") byId.set(portfolio.id, portfolio);
  }
  return [...byId.values()];
}

/** An edge of the token's own person; a Page has none of them. */
export function requireOwnEdge(
  world: World,
  call: Call,
  subject: Subject,
  edge: string,
  method: "GET" | "DELETE" = "GET",
): { access: Access } | { refusal: Reply } {
  if (call.method !== method) return { refusal: graphError(world, unsupported(call), subject.metered) };
  const access = requireAccess(world, call, subject);
  if ("refusal" in access) return access;
  if (isOwnNode(access, call.nodeId)) return { access };
  const isOfPage = access.token.pageId !== null && call.nodeId === "me";
  return { refusal: isOfPage ? unknownField(world, edge, "Page") : missingNode(world, call.nodeId) };
}

function requireBusinessManagement(world: World, { token }: Access): Reply | undefined {
  if (token.permissions.includes(BUSINESS_MANAGEMENT)) return undefined;
  const message = "(#200) Requires business_management permission to manage the object";
  return graphError(world, { status: 403, code: 200, message });
}

function pageSheet(
  world: World,
  call: Call,
  access: Access,
  listed: readonly FacebookPage[],
  kind: typeof PAGE,
  usual: string,
): Reply {
  const read = readFields(world, kind, call.query, usual);
  if ("refusal" in read) return read.refusal;
  const sheet = sheetOf(world, call, listed);
  if (sheet === undefined) return badSheet(world);
  const data = sheet.items.map((page) => renderKnown(kind, { world, access, page }, read.fields));
  return graphReply(world, undefined, JSON.stringify({ data, paging: sheet.paging }));
}

function badSheet(world: World): Reply {
  return graphError(world, { code: 100, message: "(#100) Invalid cursor or limit" });
}
