import { HTML_TYPE, JSON_TYPE, type Reply } from "../http/reply.ts";
import type { FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";

const POINTS = ["before", "after"] as const;

function processedAfter(settings: Settings): boolean {
  return settings.oneOf("point", POINTS, "before") === "after";
}

/** A bare status, with a body and headers of one's own if wanted. */
export function status(settings: Settings): FaultEffect {
  const code = settings.number("status", 500, { min: 200, max: 599 });
  const body = settings.text("body", "");
  const contentType = settings.text("content_type", "text/plain; charset=utf-8");
  const headers = Object.entries(settings.record("headers")).flat();
  const isProcessed = processedAfter(settings);
  return {
    isProcessed,
    replace: () => ({ status: code, contentType, headers, body, refusal: String(code) }),
  };
}

/** F10: a page for people where JSON was expected. */
export function html(settings: Settings): FaultEffect {
  const code = settings.number("status", 502, { min: 200, max: 599 });
  const isProcessed = processedAfter(settings);
  const body = `<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1><p>We're working on getting this fixed as soon as we can.</p></body></html>`;
  return {
    isProcessed,
    replace: () => ({ status: code, contentType: HTML_TYPE, headers: [], body, refusal: `html ${code}` }),
  };
}

/** F25: a redirect that a careful client never follows. */
export function redirect(settings: Settings): FaultEffect {
  const code = settings.number("status", 302, { min: 300, max: 399 });
  const location = settings.text("to", "http://169.254.169.254/latest/meta-data/");
  const isProcessed = processedAfter(settings);
  return {
    isProcessed,
    replace: () => ({
      status: code,
      contentType: HTML_TYPE,
      headers: ["Location", location],
      body: "",
      refusal: `redirect ${code}`,
    }),
  };
}

const DEPTH = 100_000;

const JUNK = {
  empty: "",
  null: "null",
  false: "false",
  array: "[]",
  string: '"ok"',
  number: "42",
  empty_object: "{}",
  cut: '{"access_token":"SIMTOK_cutshort',
  deep: `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`,
  invalid_utf8: Buffer.concat([
    Buffer.from('{"access_token":"SIMTOK_'),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
    Buffer.from('","token_type":"bearer","expires_in":5183944}'),
  ]),
} as const;

/** Kinds that spoil the true answer; the rest replaces it. */
const SPOILS = {
  bom: (reply: Reply): Reply => ({
    ...reply,
    body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(reply.body)]),
  }),
  /** Every field twice, first with an empty value: the last one counts in JSON.parse. */
  duplicate_keys: (reply: Reply): Reply => ({
    ...reply,
    body: String(reply.body).replace(
      "{",
      '{"access_token":"","id":"0","user_id":"0","error":null,"data":null,',
    ),
  }),
};

/** F11: 200 with something that is no answer, or with the answer behind a byte-order mark or duplicate keys. */
export function junk(settings: Settings): FaultEffect {
  const kind = settings.oneOf(
    "kind",
    [
      "empty",
      "null",
      "false",
      "array",
      "string",
      "number",
      "empty_object",
      "cut",
      "deep",
      "invalid_utf8",
      "bom",
      "duplicate_keys",
    ],
    "empty",
  );
  const code = settings.number("status", 200, { min: 200, max: 599 });
  const isProcessed = processedAfter(settings);
  if (kind === "bom" || kind === "duplicate_keys") return { rewrite: SPOILS[kind] };
  const body = JUNK[kind];
  return {
    isProcessed,
    replace: () => ({ status: code, contentType: JSON_TYPE, headers: [], body, refusal: `junk ${kind}` }),
  };
}
