import type { SavedCode } from "./authorization-codes.ts";
import type { SavedIssue, SavedLineage, SavedToken } from "./saved-tokens.ts";
import { countOf, fieldsOf, flagOf, instantOf, listOf, numberOf, oneOf, textOf } from "./state-reading.ts";
import type { IssueSource, TokenEnding, TokenKind, UserTokenKind } from "./token-record.ts";

const USER_TOKEN_KINDS: Record<UserTokenKind, true> = {
  short_lived: true,
  long_lived: true,
  system_user: true,
};
const TOKEN_KINDS: Record<TokenKind, true> = { ...USER_TOKEN_KINDS, page: true };
const SOURCES: Record<IssueSource, true> = {
  code: true,
  exchange: true,
  refresh: true,
  dashboard: true,
  page: true,
};

/** Every token of one person at one app. */
export function readLineage(value: unknown): SavedLineage {
  const lineage = fieldsOf(value, "appId", "person", "tokens", "issues");
  return {
    appId: textOf(lineage.appId),
    person: textOf(lineage.person),
    tokens: listOf(lineage.tokens, readToken),
    issues: listOf(lineage.issues, readIssue),
  };
}

function readToken(value: unknown): SavedToken {
  const token = fieldsOf(value, "value", "kind", "pageId", "permissions", "replacedAtMs", "ending");
  return {
    value: textOf(token.value),
    kind: oneOf(token.kind, TOKEN_KINDS),
    pageId: token.pageId === null ? null : textOf(token.pageId),
    permissions: listOf(token.permissions, textOf),
    replacedAtMs: instantOf(token.replacedAtMs),
    ending: token.ending === null ? null : readEnding(token.ending),
  };
}

function readEnding(value: unknown): TokenEnding {
  const ending = fieldsOf(value, "subcode", "reason");
  return {
    subcode: ending.subcode === null ? null : numberOf(ending.subcode),
    reason: textOf(ending.reason),
  };
}

function readIssue(value: unknown): SavedIssue {
  const issue = fieldsOf(value, "token", "source", "issuedAtMs", "expiresAtMs");
  return {
    token: countOf(issue.token),
    source: oneOf(issue.source, SOURCES),
    issuedAtMs: numberOf(issue.issuedAtMs),
    expiresAtMs: instantOf(issue.expiresAtMs),
  };
}

/** An authorization code, spent or not. */
export function readCode(value: unknown): SavedCode {
  const code = fieldsOf(
    value,
    "value",
    "tokenKind",
    "clientId",
    "redirectUri",
    "person",
    "permissions",
    "issuedAtMs",
    "isUsed",
  );
  return {
    value: textOf(code.value),
    tokenKind: oneOf(code.tokenKind, USER_TOKEN_KINDS),
    clientId: textOf(code.clientId),
    redirectUri: textOf(code.redirectUri),
    person: textOf(code.person),
    permissions: listOf(code.permissions, textOf),
    issuedAtMs: numberOf(code.issuedAtMs),
    isUsed: flagOf(code.isUsed),
  };
}
