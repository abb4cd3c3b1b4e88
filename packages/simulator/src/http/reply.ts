import type { TokenRecord } from "../token-record.ts";

/** An answer before it travels. A `refusal` is the short name by which the ledger knows why nothing was granted. */
export type Reply = {
  readonly status: number;
  readonly contentType: string;
  /** Further headers as name and value in turn. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
  readonly refusal?: string;
  /** The token this answer hands out. */
  readonly issued?: TokenRecord;
};

export const JSON_TYPE = "application/json; charset=utf-8";
export const HTML_TYPE = "text/html; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

const NO_STORE = ["Cache-Control", "no-store"] as const;

export function jsonReply(status: number, value: unknown, refusal?: string): Reply {
  const reply = { status, contentType: JSON_TYPE, headers: NO_STORE, body: JSON.stringify(value) };
  return refusal === undefined ? reply : { ...reply, refusal };
}

export function textReply(status: number, text: string): Reply {
  return { status, contentType: TEXT_TYPE, headers: NO_STORE, body: text };
}

export function redirectReply(location: string, refusal?: string): Reply {
  const headers = ["Location", location, ...NO_STORE];
  const reply = { status: 302, contentType: TEXT_TYPE, headers, body: "" };
  return refusal === undefined ? reply : { ...reply, refusal };
}

export function headerOf(reply: Reply, name: string): string | undefined {
  for (let index = 0; index + 1 < reply.headers.length; index += 2) {
    if (reply.headers[index]?.toLowerCase() === name.toLowerCase()) return reply.headers[index + 1];
  }
  return undefined;
}
