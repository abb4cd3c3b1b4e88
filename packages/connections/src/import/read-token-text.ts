/** What was pasted, read: the token, and when it is said to end; or why there is none. */
export type TokenText =
  | { kind: "token"; value: string; expiresInSeconds: number | null; expiresAt: Date | null }
  | { kind: "none"; detail: string };

type Found = { value: string; expiresInSeconds?: number | null; expiresAt?: Date | null };

const LONGEST_TEXT = 100_000;
/** Instagram's begin with IG, Facebook's with EA. */
const KNOWN_TOKEN = /\b(?:IG[A-Za-z0-9]|EA[A-Za-z0-9])[A-Za-z0-9_-]{17,}/g;
/** What a whole pasted value may look like that names no kind. */
const ANY_TOKEN = /^[A-Za-z0-9_-]{20,4096}$/;
const APP_TOKEN = /^\d{5,20}\|[A-Za-z0-9_-]{8,}$/;
const TOKEN_NAMES = /^(?:.*[_-])?(?:access[_-]?token|token|ig[_-]?token|bearer)$/i;
const NAMED_VALUE = /(?:^|[\s;{,"'?&#])["']?([A-Za-z][A-Za-z0-9_-]*)["']?\s*[=:]\s*["']?([^\s"'?&#;,}]+)/g;

/**
 * Finds the one access token in whatever was pasted: a bare token, a line of a .env file, JSON, a URL, a curl
 * command, or an answer copied from the Graph API Explorer; with or without quotes, blanks and line breaks. Never
 * throws, and never repeats what it read.
 */
export function readTokenText(text: string): TokenText {
  if (text.length > LONGEST_TEXT) return none("It is longer than a hundred thousand characters.");
  const trimmed = withoutDressing(text);
  if (trimmed === "") return none("It is empty.");
  const found = distinct([...ofJson(trimmed), ...ofNames(trimmed), ...ofShape(trimmed), ...ofWhole(trimmed)]);
  const [first, second] = found;
  if (first === undefined) return none(whyNone(trimmed));
  if (second !== undefined) return none("There are several different tokens in it; paste one.");
  return {
    kind: "token",
    value: first.value,
    expiresInSeconds: first.expiresInSeconds ?? null,
    expiresAt: first.expiresAt ?? null,
  };
}

function none(detail: string): TokenText {
  return { kind: "none", detail };
}

/** Invisible characters come along when text is copied from pages and terminals. */
function withoutDressing(text: string): string {
  return text
    .replaceAll(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, "")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’‚]/g, "'")
    .trim();
}

/** JSON, wherever the token stands in it, with the expiry beside it. */
function ofJson(text: string): Found[] {
  const start = text.search(/[[{]/);
  if (start === -1) return [];
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(start, end + 1));
  } catch {
    return []; // other readings follow
  }
  return inObjects(parsed, 0);
}

const DEEPEST = 8;

function inObjects(value: unknown, depth: number): Found[] {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => inObjects(item, depth + 1));
  const entries = Object.entries(value);
  const expiry = expiryIn(value as Record<string, unknown>);
  return entries.flatMap(([name, item]) => {
    if (typeof item !== "string") return inObjects(item, depth + 1);
    const token = TOKEN_NAMES.test(name) ? tokenIn(item) : null;
    return token === null ? [] : [{ value: token, ...expiry }];
  });
}

function expiryIn(record: Record<string, unknown>): Pick<Found, "expiresInSeconds" | "expiresAt"> {
  const { expires_in: seconds, expires_at: at } = record;
  return { expiresInSeconds: secondsOf(seconds), expiresAt: instantOf(at) };
}

/** Names and values: .env, a URL's query, form fields, headers, YAML. */
function ofNames(text: string): Found[] {
  const tokens: string[] = [];
  let expiresInSeconds: number | null = null;
  for (const [, name = "", value = ""] of text.matchAll(NAMED_VALUE)) {
    if (/^expires_in$/i.test(name)) expiresInSeconds = secondsOf(value);
    const token = TOKEN_NAMES.test(name) ? tokenIn(decoded(value)) : null;
    if (token !== null) tokens.push(token);
  }
  const bearer = /\bBearer\s+([^\s"']+)/i.exec(text)?.[1];
  const ofHeader = bearer === undefined ? null : tokenIn(bearer);
  if (ofHeader !== null) tokens.push(ofHeader);
  return tokens.map((value) => ({ value, expiresInSeconds }));
}

/** What looks like a token of a known kind, wherever it stands. */
function ofShape(text: string): Found[] {
  return [...text.matchAll(KNOWN_TOKEN)].map(([value]) => ({ value }));
}

/** The whole text, or the value of its one line, without quotes and line breaks. */
function ofWhole(text: string): Found[] {
  const value = text.replace(/^(?:export\s+)?[A-Za-z][A-Za-z0-9_]*\s*=\s*/, "");
  const bare = value.replaceAll(/["'`\s\\]/g, "");
  const token = decoded(bare);
  const isOneValue =
    !/\s/.test(value.trim()) ||
    value
      .trim()
      .split(/\s+/)
      .every((part) => part.length >= 16);
  return isOneValue && ANY_TOKEN.test(token) ? [{ value: token }] : [];
}

function tokenIn(value: string): string | null {
  const token = withoutQuotes(value.trim());
  return ANY_TOKEN.test(token) ? token : null;
}

/** In one pass: a pattern for the end of a text begins anew at each of its letters. */
function withoutQuotes(value: string): string {
  let [start, end] = [0, value.length];
  while (start < end && `"'\``.includes(value[start] ?? "")) start += 1;
  while (end > start && `"'\`,;`.includes(value[end - 1] ?? "")) end -= 1;
  return value.slice(start, end);
}

/** The same token found in two ways is one; part of a longer one is none of its own. */
function distinct(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const each of found) {
    const same = kept.find(({ value }) => value === each.value || value.includes(each.value));
    if (same !== undefined) {
      same.expiresInSeconds ??= each.expiresInSeconds ?? null;
      same.expiresAt ??= each.expiresAt ?? null;
      continue;
    }
    const longer = kept.findIndex(({ value }) => each.value.includes(value));
    if (longer === -1) kept.push({ ...each });
    else kept[longer] = { ...kept[longer], ...each };
  }
  return kept;
}

function whyNone(text: string): string {
  if (APP_TOKEN.test(text.replaceAll(/["'\s]/g, "")))
    return "It is an app token (app id and secret); bring the token of a person or a Page.";
  if (/[?&#]code=/.test(text) || /^AQ[A-Za-z0-9_-]{20,}/.test(text))
    return "It is an authorization code, not a token; sign in, or use authenticate.";
  if (/\bEXPIRED\b|\bxxx+\b|\.\.\.|…/i.test(text)) return "The token in it was cut short; copy all of it.";
  return "Nothing in it looks like a token.";
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a stray per cent sign belongs to no token, and the value is judged as it is
  }
}

function secondsOf(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d{1,10}$/.test(value.trim()) ? Number(value) : value;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) && seconds > 0 ? seconds : null;
}

/** An instant as tools write it: seconds or milliseconds since 1970, or a date. */
function instantOf(value: unknown): Date | null {
  const number = typeof value === "string" && /^\d{10,13}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number === "number" && number > 1e9)
    return validDate(new Date(number < 1e11 ? number * 1000 : number));
  return typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) ? validDate(new Date(value)) : null;
}

function validDate(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date;
}
