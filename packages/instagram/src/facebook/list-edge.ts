import { callGraph, field, tokenFields, type FacebookClient } from "../client.ts";
import { nextCursor } from "../paging.ts";
import { asObject, type JsonObject } from "../wire.ts";

/** The largest part of a list Facebook gives at once. */
const PART_SIZE = 100;

/** No list goes on for ever, whatever a faulty answer says. */
const MOST_PARTS = 20;

/** A list on `graph.facebook.com`. */
type Edge<T> = {
  /** Behind the version: `/me/accounts`. */
  path: string;
  fields: string;
  /** Null for an entry to leave out. */
  read: (entry: JsonObject) => T | null;
};

/**
 * Reads a whole list, part by part, at most 2,000 entries. It never follows the address an answer names, which
 * holds the token: only its cursor is taken.
 *
 * @throws {InstagramError} when a part is not to be had.
 */
export async function listEdge<T>(
  client: FacebookClient,
  token: { value: string },
  edge: Edge<T>,
): Promise<T[]> {
  const entries: T[] = [];
  const seen = new Set<string>();
  let after: string | null = null;
  do {
    const part: { entries: T[]; after: string | null } = await callPart(client, token, edge, after);
    entries.push(...part.entries);
    after = part.after !== null && !seen.has(part.after) ? part.after : null; // the same part again is the end
    if (after !== null) seen.add(after);
  } while (after !== null && seen.size < MOST_PARTS);
  return entries;
}

async function callPart<T>(
  client: FacebookClient,
  token: { value: string },
  edge: Edge<T>,
  after: string | null,
): Promise<{ entries: T[]; after: string | null }> {
  return await callGraph(client, {
    operation: "fetch_pages",
    origin: client.origins.graph,
    path: client.versionPath + edge.path,
    query: [
      field("fields", edge.fields),
      `limit=${PART_SIZE}`,
      ...(after === null ? [] : [field("after", after)]),
      tokenFields(client, token),
    ].join("&"),
    read: (answer) => {
      if (!Array.isArray(answer.data)) return null;
      const records = answer.data.map(asObject).filter((record) => record !== null);
      const entries = records.map(edge.read).filter((entry) => entry !== null);
      return { entries, after: nextCursor(answer) };
    },
  });
}
