const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Below sixteen digits every integer is safe; JSON knows no leading zero. */
const LARGE_INTEGER = /^-?[1-9]\d{15,}$/;

/**
 * Puts quotes around the integers of a JSON text that a JavaScript number cannot hold, so that `JSON.parse`
 * keeps every digit. Strings stay as they are, and what is no JSON does not become it. Goes through the text
 * once: a reviver that sees the source would cost ten times as much.
 */
export function quoteLargeIntegers(json: string): string {
  let quoted = "";
  let copiedTo = 0;
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfString(json, at);
    else if (isOfNumber(code)) {
      const end = endOfNumber(json, at);
      if (isLargeValue(json, at, end)) {
        quoted += `${json.slice(copiedTo, at)}"${json.slice(at, end)}"`;
        copiedTo = end;
      }
      at = end;
    } else at += 1;
  }
  return copiedTo === 0 ? json : quoted + json.slice(copiedTo);
}

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && isOfNumber(json.charCodeAt(at))) at += 1;
  return at;
}

/** A digit, or one of `+ - . E e`. */
function isOfNumber(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x2b ||
    code === 0x45 ||
    code === 0x65
  );
}

function isLargeValue(json: string, start: number, end: number): boolean {
  if (end - start < 16) return false;
  const text = json.slice(start, end);
  if (!LARGE_INTEGER.test(text) || Number.isSafeInteger(Number(text))) return false;
  let next = end;
  while (json.charCodeAt(next) <= 0x20) next += 1;
  return json.charAt(next) !== ":"; // a bare number as a key is no JSON, and must not become it
}
