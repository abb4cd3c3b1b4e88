import type { Reply } from "../http/reply.ts";
import type { Metered } from "../usage-limit.ts";
import type { World } from "../world.ts";
import { graphError } from "./graph-reply.ts";

/** One field that was asked for; `children{id,media_url}` asks for fields of each child. */
export type FieldRequest = { name: string; of: readonly FieldRequest[] };

const REMEMBERED = 200;
const parsed = new Map<string, readonly FieldRequest[]>();

/** Reads a `fields` list. Apps ask for the same few lists again and again, so they are remembered. */
export function parseFields(text: string): readonly FieldRequest[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const fields = splitTopLevel(text).map((part): FieldRequest => {
    const brace = part.indexOf("{");
    if (brace === -1 || !part.endsWith("}")) return { name: part, of: [] };
    return { name: part.slice(0, brace), of: parseFields(part.slice(brace + 1, -1)) };
  });
  if (parsed.size < REMEMBERED) parsed.set(text, fields);
  return fields;
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    if (letter === "{") depth++;
    if (letter === "}") depth--;
    if (letter === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  parts.push(part.trim());
  return parts.filter((one) => one !== "");
}

/** One unknown field fails the whole call. */
export function unknownField(world: World, name: string, node: string, metered?: Metered): Reply {
  const message = `(#100) Tried accessing nonexisting field (${name}) on node type (${node})`;
  return graphError(world, { code: 100, message }, metered);
}
