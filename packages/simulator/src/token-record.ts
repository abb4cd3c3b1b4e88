import { hash } from "node:crypto";
import type { AppUser, FlavourName } from "./endpoint.ts";

/**
 * Short-lived tokens come from a code, long-lived ones from an exchange, a refresh or the dashboard. Only Facebook has
 * Page tokens, which go with a person's, and system users' tokens.
 */
export type TokenKind = UserTokenKind | "page";

/** The kinds a code can be good for. */
export type UserTokenKind = "short_lived" | "long_lived" | "system_user";

/** Why a token stopped working before its expiry: a subcode of error 190, or null for a bare 190. */
export type TokenEnding = { subcode: number | null; reason: string };

/** One token string and how it stands. */
export type TokenRecord<User extends AppUser = AppUser> = {
  readonly value: string;
  readonly kind: TokenKind;
  readonly lineage: LineageRecord<User>;
  /** The Page of a Page token. */
  readonly pageId: string | null;
  permissions: readonly string[];
  /** Position in the lineage; a refresh that answers with the same string moves it on. */
  generation: number;
  issuedAtMs: number;
  /** Infinite for a token without an end. */
  expiresAtMs: number;
  ending: TokenEnding | undefined;
  /** When a grace period after rotation ends. */
  replacedAtMs: number;
  inFlight: number;
  highWaterMark: number;
};

/** One time a token was given out. */
export type Issue<User extends AppUser = AppUser> = {
  generation: number;
  source: IssueSource;
  issuedAtMs: number;
  expiresAtMs: number;
  token: TokenRecord<User>;
};

/** Where a token came from; `page` is a user token that was used to read a Page's. */
export type IssueSource = "code" | "exchange" | "refresh" | "dashboard" | "page";

/** Every token of one person at one app. */
export type LineageRecord<User extends AppUser = AppUser> = {
  readonly flavour: FlavourName;
  readonly appId: string;
  readonly user: User;
  readonly issues: Issue<User>[];
};

/** Why a token does not work at an instant. */
export type Death = TokenEnding | "replaced" | "expired";

export function newToken<User extends AppUser>(
  lineage: LineageRecord<User>,
  terms: Pick<TokenRecord, "value" | "kind" | "permissions" | "pageId">,
): TokenRecord<User> {
  return {
    value: terms.value,
    kind: terms.kind,
    lineage,
    pageId: terms.pageId,
    permissions: terms.permissions,
    generation: 0,
    issuedAtMs: 0,
    expiresAtMs: 0,
    ending: undefined,
    replacedAtMs: Number.POSITIVE_INFINITY,
    inFlight: 0,
    highWaterMark: 0,
  };
}

export function recordIssue<User extends AppUser>(
  token: TokenRecord<User>,
  source: IssueSource,
  issuedAtMs: number,
  expiresAtMs: number,
): void {
  const { issues } = token.lineage;
  token.generation = issues.length + 1;
  token.issuedAtMs = issuedAtMs;
  token.expiresAtMs = expiresAtMs;
  const { generation } = token;
  issues.push({ generation, source, issuedAtMs, expiresAtMs, token });
}

/** Why a token ended by itself, whatever its person does; undefined when it did not. */
export function ownDeath(token: TokenRecord, nowMs: number): Death | undefined {
  if (token.ending !== undefined) return token.ending;
  if (nowMs >= token.expiresAtMs) return "expired";
  return nowMs >= token.replacedAtMs ? "replaced" : undefined;
}

/** SHA-256 of a secret in hex: how ledger and lineages name tokens and codes. */
export function fingerprint(secret: string): string {
  return hash("sha256", secret, "hex");
}
