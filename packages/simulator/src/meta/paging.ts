import type { Call } from "../endpoint.ts";
import type { World } from "../world.ts";
import { presentedToken } from "./token-refusal.ts";

/** The part of a list that one answer holds, and the `paging` that goes with it; none for an empty part. */
export type Sheet<Item> = { items: readonly Item[]; paging: Record<string, unknown> | undefined };

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** Cuts out what `limit`, `after` and `before` ask for; undefined for a limit or cursor that makes no sense. */
export function sheetOf<Item extends { readonly id: string }>(
  world: World,
  call: Call,
  all: readonly Item[],
): Sheet<Item> | undefined {
  const limit = Math.min(Number(call.query.get("limit") ?? DEFAULT_LIMIT), MAX_LIMIT);
  const range = Number.isInteger(limit) && limit > 0 ? rangeOf(all, call.query, limit) : undefined;
  if (range === undefined) return undefined;
  const items = all.slice(range.start, range.end);
  const first = items.at(0);
  const last = items.at(-1);
  if (first === undefined || last === undefined) return { items, paging: undefined };
  const cursors = { before: cursorOf(first), after: cursorOf(last) };
  const paging: Record<string, unknown> = { cursors };
  const link = (direction: "after" | "before") => linkTo(world, call, direction, cursors[direction]);
  if (range.start > 0) paging["previous"] = link("before");
  if (range.end < all.length) paging["next"] = link("after");
  return { items, paging };
}

function rangeOf(all: readonly { readonly id: string }[], query: URLSearchParams, limit: number) {
  const [after, before] = [query.get("after"), query.get("before")];
  const cursor = after ?? before;
  if (cursor === null) return { start: 0, end: Math.min(limit, all.length) };
  const at = all.findIndex((item) => cursorOf(item) === cursor);
  if (at === -1) return undefined;
  if (after !== null) return { start: at + 1, end: Math.min(at + 1 + limit, all.length) };
  return { start: Math.max(0, at - limit), end: at };
}

function cursorOf({ id }: { readonly id: string }): string {
  return Buffer.from(`QVFI${id}`).toString("base64url");
}

/** As with the real one, the link to the next part carries the access token, also one that came as a header. */
function linkTo(world: World, call: Call, direction: string, cursor: string): string {
  const next = new URLSearchParams(call.query);
  next.delete("after");
  next.delete("before");
  next.set("access_token", presentedToken(call));
  next.set(direction, cursor);
  return `${world.origin}${call.path}?${next.toString()}`;
}
