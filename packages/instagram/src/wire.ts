import { quoteLargeIntegers } from "./quote-large-integers.ts";

/** A JSON object as it arrived: nothing about its fields is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What Instagram's various error bodies have in common. Everything in it is upstream text. */
export type ErrorEnvelope = {
  message: string;
  code: number | undefined;
  subcode: number | undefined;
  isTransient: boolean;
  traceId: string | undefined;
  /** The HTTP status some bodies repeat, which is right even under HTTP 200. */
  status: number | undefined;
};

const ID = /^[1-9]\d{0,31}$/;

/**
 * Parses a body to a JSON object, whatever its Content-Type said: a byte-order mark and white space are
 * dropped, integers above 2^53 arrive as strings. Null for everything that is no object: HTML, an empty or
 * cut body, `false`, `null`, an array, nesting too deep to walk.
 */
export function parseJsonObject(text: string): JsonObject | null {
  const trimmed = text.trim(); // also drops a byte-order mark
  if (trimmed.charCodeAt(0) !== 0x7b) return null;
  try {
    const value: unknown = JSON.parse(quoteLargeIntegers(trimmed));
    return asObject(value);
  } catch {
    return null; // SyntaxError, or RangeError from deep nesting: either way no usable answer
  }
}

/** The value as an object, or null. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/**
 * The one record an answer is about: `{"data":[{…}]}`, `{"data":{…}}` or the object itself. Null when
 * `data` holds none or several.
 */
export function onlyRecord(body: JsonObject): JsonObject | null {
  const { data } = body;
  if (data === undefined) return body;
  if (!Array.isArray(data)) return asObject(data);
  return data.length === 1 ? asObject(data[0]) : null;
}

/** Whether a key stands in the body more than once: which of the values is meant cannot be known then. */
export function hasRepeatedKey(text: string, key: string): boolean {
  const quoted = `"${key}"`;
  let count = 0;
  for (let at = text.indexOf(quoted); at !== -1; at = text.indexOf(quoted, at + quoted.length)) {
    if (isFollowedByColon(text, at + quoted.length)) count += 1;
    if (count > 1) return true;
  }
  return false;
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === 0x3a;
}

/** An id as the string of its digits, or null. A number that lost digits on the way is no id. */
export function readId(value: unknown): string | null {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && ID.test(text) ? text : null;
}

/** A whole number from 0 to 2^53, or null. */
export function readCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A token: printable ASCII without spaces, or null. Anything else was damaged on the way. */
export function readToken(value: unknown): string | null {
  return typeof value === "string" && value.length <= 4096 && /^[\x21-\x7e]+$/.test(value) ? value : null;
}

/**
 * Text people wrote, made safe to store: no NUL or other control characters but line breaks and tabs, no
 * broken surrogates, no longer than `maxLength`. Null when nothing is left.
 */
export function readText(value: unknown, maxLength: number): string | null {
  if (typeof value !== "string") return null;
  const text = value
    .slice(0, maxLength)
    .replaceAll(/[^\P{Cc}\t\n]/gu, "")
    .toWellFormed();
  return text === "" ? null : text;
}

/** A web address, or null for anything a browser should not be handed, such as `javascript:`. */
export function readWebAddress(value: unknown): string | null {
  const text = readText(value, 4096);
  return text !== null && /^https?:\/\/[^\s<>"]+$/i.test(text) ? text : null;
}

/**
 * Permissions as a list: an array or a string with commas, spaces or both. Null means unknown, not none;
 * an empty list is unknown too, because no token exists without the basic permission.
 */
export function readPermissions(value: unknown): string[] | null {
  const parts: unknown[] =
    typeof value === "string" ? value.split(/[\s,]+/) : Array.isArray(value) ? value : [];
  const names = parts.filter((part): part is string => typeof part === "string" && /^\w{1,64}$/.test(part));
  return names.length === 0 ? null : [...new Set(names)];
}

/**
 * The error in a body, in any of its shapes: the Graph envelope, Instagram Login's flat one, the old `meta`
 * one, `error_code`, `status: "fail"` and the plain OAuth one. Null when the body holds none.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function readErrorEnvelope(body: JsonObject): ErrorEnvelope | null {
  const graph = asObject(body.error);
  if (graph !== null) {
    return {
      message: readString(graph.message),
      code: readInteger(graph.code),
      subcode: readInteger(graph.error_subcode),
      isTransient: graph.is_transient === true || graph.is_transient === "true",
      traceId: typeof graph.fbtrace_id === "string" ? graph.fbtrace_id : undefined,
      status: undefined,
    };
  }
  const flat = asObject(body.meta) ?? body;
  if (typeof flat.error_message === "string" || typeof flat.error_type === "string") {
    // `code` mirrors the HTTP status here; a Graph code would be called `error_code`
    return plainEnvelope(
      readString(flat.error_message),
      readInteger(flat.error_code),
      readInteger(flat.code),
    );
  }
  if (typeof body.error === "string")
    return plainEnvelope(`${body.error} ${readString(body.error_description)}`);
  if (body.status === "fail") return plainEnvelope(readString(body.message));
  return null;
}

/** The envelope of a failure that says nothing about itself. */
export const EMPTY_ENVELOPE: ErrorEnvelope = plainEnvelope("");

function plainEnvelope(message: string, code?: number, status?: number): ErrorEnvelope {
  return { message, code, subcode: undefined, isTransient: false, traceId: undefined, status };
}

function readString(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function readInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}
