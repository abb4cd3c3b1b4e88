/** An id as JSON text: its digits bare, although they pass 2^53, or as a string. */
export function idJson(id: string, idAs: "number" | "string"): string {
  return idAs === "number" && !id.startsWith("0") ? id : `"${id}"`;
}
