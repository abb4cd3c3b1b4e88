/** One value in the text of a `.env` file: where it is, and how it is quoted. */
type Value = { start: number; end: number; quote: string };

/** `export` where it is used, then the name, then the sign. */
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/;
/** What needs no quotes for any reader of such files, shells among them. */
const PLAIN = /^[\w.~+/:@%,-]*$/;

/**
 * The text of a `.env` file with one value set, and all else byte for byte as it was: other lines, comments, order,
 * quotes, line ends. A key that is there several times is set each time, since readers differ in which one they take;
 * one that is not there is added at the end.
 *
 * @throws {RangeError} for a value that no quotes can hold.
 */
export function setInEnvText(text: string, key: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new RangeError("The value has a line end.");
  const values = valuesOf(text, key);
  if (values.length === 0) return `${text}${endOfLine(text)}${key}=${quoted(value, "")}${newlineOf(text)}`;
  let result = "";
  let copied = 0;
  for (const { start, end, quote } of values) {
    result += text.slice(copied, start) + quoted(value, quote);
    copied = end;
  }
  return result + text.slice(copied);
}

/** Line by line, but a value in quotes may go over several lines, and what looks like a key in it is none. */
function valuesOf(text: string, key: string): Value[] {
  const values: Value[] = [];
  let at = text.startsWith(BOM) ? BOM.length : 0;
  while (at < text.length) {
    const lineEnd = endOf(text, at);
    const [head, name] = ASSIGNMENT.exec(text.slice(at, lineEnd)) ?? [];
    let next = lineEnd;
    if (head !== undefined) {
      const value = valueAt(text, at + head.length, lineEnd);
      if (name === key) values.push(value);
      next = endOf(text, value.end);
    }
    at = next + (text.startsWith("\r\n", next) ? 2 : 1);
  }
  return values;
}

/** The file is read byte by byte, where a byte order mark looks like this. */
const BOM = "\u00EF\u00BB\u00BF";

function valueAt(text: string, start: number, lineEnd: number): Value {
  const quote = text[start] ?? "";
  if (quote === '"' || quote === "'" || quote === "`") {
    const end = closingQuote(text, start + 1, quote);
    if (end !== -1) return { start, end: end + 1, quote };
  }
  // A comment begins with a # after a space; one without belongs to the value.
  const rest = text.slice(start, lineEnd);
  const signEnd = text.lastIndexOf("=", start - 1) + 1;
  if (rest.startsWith("#") && signEnd < start) return { start: signEnd, end: signEnd, quote: "" };
  const comment = rest.search(/[ \t]#/);
  const bare = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd();
  return { start, end: start + bare.length, quote: "" };
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\" && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function endOf(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === "\n" || text[at] === "\r") return at;
  return text.length;
}

/** What the last line still needs. */
function endOfLine(text: string): string {
  return text === "" || text === BOM || /[\r\n]$/.test(text) ? "" : newlineOf(text);
}

function newlineOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
}

/** In the quotes that were there, where they can hold it. */
function quoted(value: string, quote: string): string {
  if (quote === "" && PLAIN.test(value)) return value;
  for (const candidate of [quote, "'", '"', "`"]) {
    const isHeld =
      candidate !== "" && !value.includes(candidate) && !(candidate === '"' && /[\\$`]/.test(value));
    if (isHeld) return `${candidate}${value}${candidate}`;
  }
  throw new RangeError("The value cannot be quoted.");
}
