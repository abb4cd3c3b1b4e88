import type { ReadyHandOut, TokenHandOut } from "@perennial/connections";
import type { z } from "zod";

import type { Answer } from "../node-answer.ts";
import { json, JSON_HEADERS, notModified } from "./answer.ts";
import { createJsonTemplate } from "./json-template.ts";
import type { tokenBody } from "./schemas.ts";

type TokenBody = z.infer<typeof tokenBody>;

/** The answer that holds a token. */
export function tokenAnswer(token: TokenHandOut): Answer {
  const { connection, maxCacheSeconds } = token;
  return json(200, wireToken(token), cachingHeaders(connection.version, maxCacheSeconds));
}

/** The answer to a caller that has the token already. */
export function unchangedAnswer(version: number, maxCacheSeconds: number): Answer {
  return notModified(cachingHeaders(version, maxCacheSeconds));
}

/** Makes the answers of one hand-out that is ready, each with the token opened anew and the present time. */
export type ReadyAnswers = (ready: ReadyHandOut, fetchedAt: Date) => Answer;

/** Puts the texts of ready hand-outs together once, and keeps them for as long as those are kept. */
export function createReadyAnswers(): ReadyAnswers {
  const made = new WeakMap<ReadyHandOut, ReturnType<typeof prepare>>();
  return (ready, fetchedAt) => {
    let prepared = made.get(ready);
    if (prepared === undefined) made.set(ready, (prepared = prepare(ready, fetchedAt)));
    const { headers, write } = prepared;
    const body = write({ access_token: ready.open(), fetched_at: fetchedAt.toISOString() });
    return { status: 200, headers, body };
  };
}

function prepare(ready: ReadyHandOut, fetchedAt: Date) {
  const { connection, maxCacheSeconds } = ready;
  const shape = wireToken({ ...ready, accessToken: "", fetchedAt });
  return {
    headers: [...JSON_HEADERS, ...cachingHeaders(connection.version, maxCacheSeconds)],
    write: createJsonTemplate(shape, ["access_token", "fetched_at"]),
  };
}

/** Whether the caller says that it has this version. */
export function isNamed(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  const plain = `"${version}"`;
  return ifNoneMatch.split(",").some((tag) => [plain, `W/${plain}`, "*"].includes(tag.trim()));
}

/** The version of the connection is that of the answer; the times in it differ each time, so the tag is weak. */
function cachingHeaders(version: number, maxCacheSeconds: number): [string, string][] {
  return [
    ["etag", `W/"${version}"`],
    ["x-max-cache-seconds", String(maxCacheSeconds)],
  ];
}

type WiredToken = Pick<
  TokenHandOut,
  "connection" | "accessToken" | "expiresAt" | "fetchedAt" | "maxCacheSeconds"
>;

function wireToken({ connection, ...token }: WiredToken): TokenBody {
  const { id, accountId, username, flavour, permissions } = connection;
  return {
    connection_id: id,
    account: { id: accountId, username, login: flavour },
    access_token: token.accessToken,
    token_type: "bearer",
    scopes: permissions,
    expires_at: token.expiresAt.toISOString(),
    fetched_at: token.fetchedAt.toISOString(),
    max_cache_seconds: token.maxCacheSeconds,
  };
}
