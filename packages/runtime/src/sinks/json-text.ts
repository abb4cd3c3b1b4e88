import { applyEdits, findNodeAtLocation, modify, parseTree, type Node, type ParseError } from "jsonc-parser";

/** One value in a JSON text. */
export type JsonPlace = { at: readonly string[]; value: string };

/**
 * A JSON text with some values set, and all else character for character as it was: order, indentation, numbers of any
 * length, comments where there are any. What is not there yet is added, in the indentation of the rest.
 *
 * @throws {RangeError} for a text that is not well-formed, a key that is there twice, or a place that is inside of something that holds no keys.
 */
export function setInJsonText(text: string, places: readonly JsonPlace[]): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const body = text.slice(mark.length);
  let result = body.trim() === "" ? "{}\n" : body;
  for (const place of places) result = setOne(result, place);
  return mark + result;
}

function setOne(text: string, { at, value }: JsonPlace): string {
  const path = pathIn(rootOf(text), at);
  const formattingOptions = layoutOf(text);
  const edits = modify(text, path, value, formattingOptions === null ? {} : { formattingOptions });
  return applyEdits(text, edits);
}

function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) throw new RangeError("The text is not well-formed JSON.");
  return root;
}

/** The way there, with numbers where it leads into a list. */
function pathIn(root: Node, keys: readonly string[]): (string | number)[] {
  const path: (string | number)[] = [];
  let node: Node | undefined = root;
  for (const key of keys) {
    if (node?.type === "array") {
      const index = /^\d{1,6}$/.test(key) ? Number(key) : -1;
      if (index < 0 || index >= (node.children?.length ?? 0))
        throw new RangeError("The list has no such place.");
      path.push(index);
    } else {
      if (node !== undefined && node.type !== "object")
        throw new RangeError("The place is inside of a value.");
      if (countOf(node, key) > 1) throw new RangeError("The key is there twice.");
      path.push(key);
    }
    node = node === undefined ? undefined : findNodeAtLocation(root, path);
  }
  if (node !== undefined && (node.type === "object" || node.type === "array"))
    throw new RangeError("The place holds other things.");
  return path;
}

function countOf(node: Node | undefined, key: string): number {
  return (node?.children ?? []).filter(({ children }) => children?.[0]?.value === key).length;
}

/** How the text is laid out; null for one that is all on one line, to which nothing is added but what is new. */
function layoutOf(text: string) {
  const trimmed = text.trim();
  if (!/[\r\n]/.test(trimmed) && trimmed !== "{}") return null;
  const indentation = /^([ \t]+)["}\]]/m.exec(text)?.[1] ?? "  ";
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  return { insertSpaces: !indentation.startsWith("\t"), tabSize: indentation.length, eol };
}
