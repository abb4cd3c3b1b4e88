import {
  asObject,
  hasRepeatedKey,
  readErrorEnvelope,
  readId,
  readPermissions,
  readText,
  type ErrorEnvelope,
  type JsonObject,
} from "../wire.ts";

/** The kinds of token Facebook knows. */
export type TokenKind = "user" | "page" | "app" | "system_user";

/** What Facebook says about a token of our app. */
export type TokenReport = {
  kind: TokenKind;
  /** Always our own app: a token of another one is refused. */
  appId: string;
  /** The app's name. */
  application: string | null;
  /** Whose token it is: the id Meta's callbacks carry. A Page's token names the person it came from. */
  userId: string | null;
  /** The Page of a Page's token. */
  profileId: string | null;
  scopes: string[];
  /** Per scope the objects it is limited to; null: all of them. */
  granularScopes: { scope: string; targetIds: string[] | null }[];
  issuedAt: Date | null;
  /** Null: no end was told. */
  expiresAt: Date | null;
  /** Facebook said that the token has no expiry date. */
  hasNoExpiry: boolean;
  /** When the access to the person's data ends unless they come back; null: no end was told. */
  dataAccessExpiresAt: Date | null;
};

const KINDS: ReadonlyMap<unknown, TokenKind> = new Map([
  ["USER", "user"],
  ["PAGE", "page"],
  ["APP", "app"],
  ["SYSTEM_USER", "system_user"],
] as const);

/** Facebook's first day, in seconds. Nothing was issued before, and nothing ended. */
const EARLIEST_CREDIBLE_SECONDS = Date.UTC(2004, 1, 4) / 1000;

/** Above this a figure is a mistake or another unit: the longest end told is that of 90 days. */
const LONGEST_CREDIBLE_SECONDS = 10 * 366 * 86_400;

/**
 * The report in an answer of `debug_token`, or null when there is none to rely on: a time that cannot be true
 * makes all of it doubtful.
 *
 * @see https://developers.facebook.com/docs/graph-api/reference/debug_token
 */
export function readTokenReport(answer: JsonObject, asOf: Date, text: string): TokenReport | null {
  const data = asObject(answer.data);
  const kind = KINDS.get(String(data?.type).toUpperCase());
  const appId = readId(data?.app_id);
  if (data === null || data.is_valid !== true || kind === undefined || appId === null) return null;
  if (["app_id", "is_valid", "user_id"].some((key) => hasRepeatedKey(text, key))) return null;

  const issuedAt = readInstant(data.issued_at, asOf);
  const expiresAt = readInstant(data.expires_at, asOf);
  const dataAccessExpiresAt = readInstant(data.data_access_expires_at, asOf);
  if (issuedAt === "absurd" || expiresAt === "absurd" || dataAccessExpiresAt === "absurd") return null;
  return {
    kind,
    appId,
    application: readText(data.application, 255),
    userId: readId(data.user_id),
    profileId: readId(data.profile_id),
    scopes: readPermissions(data.scopes) ?? [],
    granularScopes: readGranularScopes(data.granular_scopes),
    issuedAt,
    expiresAt,
    hasNoExpiry: readSeconds(data.expires_at) === 0,
    dataAccessExpiresAt,
  };
}

/** The refusal of a dead token, which comes inside an answer under HTTP 200, with `subcode` for `error_subcode`. */
export function readTokenRefusal(answer: JsonObject): ErrorEnvelope | null {
  const data = asObject(answer.data);
  if (data?.is_valid !== false) return null;
  const error = asObject(data.error);
  const inner = { code: 190, ...error, error_subcode: error?.subcode ?? error?.error_subcode };
  return readErrorEnvelope({ error: inner });
}

/** An instant in seconds; null for 0 and for none, which both tell no end. */
function readInstant(value: unknown, asOf: Date): Date | null | "absurd" {
  if (value === undefined || value === null) return null;
  const seconds = readSeconds(value);
  if (seconds === 0) return null;
  const latest = asOf.getTime() / 1000 + LONGEST_CREDIBLE_SECONDS;
  if (seconds === null || seconds < EARLIEST_CREDIBLE_SECONDS || seconds > latest) return "absurd";
  return new Date(seconds * 1000);
}

function readSeconds(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) ? seconds : null;
}

function readGranularScopes(value: unknown): TokenReport["granularScopes"] {
  const entries = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => {
    const record = asObject(entry);
    const [scope] = readPermissions(record?.scope) ?? [];
    if (record === null || scope === undefined) return [];
    return [{ scope, targetIds: readTargetIds(record.target_ids) }];
  });
}

function readTargetIds(value: unknown): string[] | null {
  return Array.isArray(value) ? value.map(readId).filter((id) => id !== null) : null;
}
