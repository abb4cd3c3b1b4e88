/** API versions in service in November 2026; v20.0 ended on 24 September 2026. */
const VERSIONS: ReadonlySet<string> = new Set(["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"]);

/** Strips a version that is in service; undefined for one that is not. */
export function withoutVersion(path: string): string | undefined {
  if (path.charCodeAt(1) !== 118 /* v */ || path.charCodeAt(2) > 57 /* 9 */) return path;
  const slash = path.indexOf("/", 1);
  return slash !== -1 && VERSIONS.has(path.slice(1, slash)) ? path.slice(slash) : undefined;
}

/** Reads `/{node}` and `/{node}/{edge}`; a node is `me` or a number, and there may be no edge. */
export function splitNode(path: string): { nodeId: string; edge: string | undefined } | undefined {
  const slash = path.indexOf("/", 1);
  const nodeId = slash === -1 ? path.slice(1) : path.slice(1, slash);
  if (nodeId !== "me" && !isNumeric(nodeId)) return undefined;
  return { nodeId, edge: slash === -1 ? undefined : path.slice(slash + 1) };
}

function isNumeric(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter < 48 || letter > 57) return false;
  }
  return text !== "";
}
