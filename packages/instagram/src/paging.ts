import { asObject, type JsonObject } from "./wire.ts";

/**
 * What to pass as `after` for the next part of a list, or null after the last one. A short part is not the last;
 * one without `next` is. Of `next` itself, which holds the token and may name any host, nothing but the cursor
 * is ever used.
 *
 * @see https://developers.facebook.com/docs/graph-api/results
 */
export function nextCursor(answer: JsonObject): string | null {
  const paging = asObject(answer.paging);
  if (typeof paging?.next !== "string") return null;
  const after = asObject(paging.cursors)?.after ?? URL.parse(paging.next)?.searchParams.get("after");
  return typeof after === "string" && after !== "" ? after : null;
}
