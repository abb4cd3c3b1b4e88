import { MUTATIONS, QUERIES, SUBSCRIPTIONS, inputNamesOf } from "./procedures.ts";

/** A request to be sent. Headers are beside those that our own pages send. */
export type RandomRequest = {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  credentials: { session: boolean; key: boolean; cron: boolean };
};

/** What is there to fill in: ids and secrets that are right, so that requests get past the first door. */
export type Known = { connectionId: string; keySecret: string; cronSecret: string };

const ODD_PROCEDURES = [
  "no.such",
  "",
  ".",
  "%00",
  "auth.begin,auth.session",
  "__proto__",
  "constructor.name",
  "connections/list",
  "connections%2Elist",
];
const NAMES = [
  "id",
  "connectionId",
  "flavour",
  "query",
  "attemptId",
  "accountIds",
  "returnTo",
  "force",
  "hours",
  "limit",
  "before",
  "name",
  "actions",
  "connectionIds",
  "expiresAt",
  "allowedAddresses",
  "settings",
  "kind",
  "url",
  "text",
  "code",
  "upstreamReason",
  "__proto__",
  "constructor",
  "x",
];
const TEXTS = [
  "",
  "instagram",
  "facebook",
  "con_aaaaaaaaaaaaaaaaaaaaaa",
  "webhook",
  "env_file",
  "https://example.com/hook",
  "?code=a&state=b",
  "/connections",
  "\u0000",
  "\ud800",
  "ﷺ",
  "'; DROP TABLE users; --",
  "../../etc/passwd",
  "%E0%A4%A",
  "2026-01-01T00:00:00Z",
  "read",
  "x".repeat(5_000),
];
const NUMBERS = [0, -1, 1, 2 ** 53, 1e308, -0.5, 24];
const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];
const V1_PATHS = [
  "",
  "/",
  "/ID",
  "/ID/",
  "/ID/token",
  "/ID/refresh",
  "/%00/token",
  "/ID/token/x",
  "/ID%2Ftoken",
  "/../x",
];
const OTHER_PATHS = [
  "/cron/refresh",
  "/cron/runs/ID",
  "/cron/runs/run_aaaaaaaaaaaaaaaaaaaaaa",
  "/meta/deauthorize",
  "/meta/data-deletion",
  "/meta/data-deletion/ID",
  "/meta/data-deletion/aaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "/meta/page.css",
  "/healthz",
  "/metrics",
  "/openapi.json",
  "/v1/docs",
  "/",
  "//",
  "/auth/instagram/callback?code=x&state=y",
  "/assets/%2e%2e/x",
];
const TYPES = [
  "application/json",
  "application/x-www-form-urlencoded",
  "text/plain",
  "multipart/form-data; boundary=x",
];

/** Makes requests of every kind, most of them nearly right: by one seed always the same ones. */
export function createRandomRequests(random: () => number, known: Known): () => RandomRequest {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const oneIn = (count: number): boolean => random() < 1 / count;

  const value = (depth = 0): unknown => {
    const kind = random();
    if (kind < 0.35) return pick([...TEXTS, known.connectionId, known.connectionId]);
    if (kind < 0.5) return pick(NUMBERS);
    if (kind < 0.6) return pick([true, false, null]);
    if (kind < 0.7 && depth < 4)
      return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
    const count = 1 + Math.floor(random() * 4);
    return Object.fromEntries(
      Array.from({ length: count }, () => [pick(NAMES), depth < 4 ? value(depth + 1) : 1]),
    );
  };
  const damaged = (text: string): string => {
    const at = Math.floor(random() * text.length);
    const letter = String.fromCharCode(Math.floor(random() * 300));
    return oneIn(2) ? text.slice(0, at) : `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
  };
  const json = (): string => {
    const text = JSON.stringify(value()) ?? "";
    return oneIn(5) ? damaged(text) : text;
  };
  const id = (): string =>
    oneIn(2) ? known.connectionId : encodeURIComponent(pick(TEXTS).toWellFormed().slice(0, 500));

  /** What a procedure takes by name, with values that may or may not fit. */
  const inputOf = (procedure: string): string => {
    const names = inputNamesOf(procedure).filter(() => random() < 0.85);
    if (oneIn(6)) names.push(pick(NAMES));
    const plausible = (name: string): unknown =>
      /^(?:id|connectionId)$/.test(name) && random() < 0.7 ? known.connectionId : value(2);
    const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, plausible(name)])));
    return oneIn(8) ? damaged(text) : text;
  };

  const toTrpc = (): RandomRequest => {
    const procedure = oneIn(12) ? pick(ODD_PROCEDURES) : pick([...MUTATIONS, ...QUERIES, ...SUBSCRIPTIONS]);
    const isRead = !MUTATIONS.includes(procedure);
    const isGet = oneIn(12) ? !isRead : isRead;
    const body = oneIn(4) ? json() : inputOf(procedure);
    const batch = oneIn(10) ? "batch=1&" : "";
    const input = isGet ? `input=${encodeURIComponent(body.toWellFormed())}` : "";
    return {
      path: `/trpc/${procedure}?${batch}${input}`,
      method: isGet ? "GET" : "POST",
      headers: { "content-type": "application/json" },
      body: isGet ? null : body,
      credentials: { session: random() < 0.85, key: false, cron: false },
    };
  };
  const toV1 = (): RandomRequest => {
    const query = oneIn(2)
      ? ""
      : `?${pick(["scopes", "force", "access_token", "__proto__", "x"])}=${encodeURIComponent(pick(TEXTS).toWellFormed().slice(0, 500))}`;
    const method = random() < 0.7 ? "GET" : pick(METHODS);
    return {
      path: `/v1/connections${pick(V1_PATHS).replace("ID", id())}${query}`,
      method,
      headers: oneIn(3) ? { "if-none-match": pick(["*", "W/", '"1"', ",,,", "x"]) } : {},
      body: json().toWellFormed(),
      credentials: { session: oneIn(4), key: random() < 0.85, cron: oneIn(8) },
    };
  };
  const toOther = (): RandomRequest => {
    const type = pick(TYPES);
    const signed = `${damaged("c2lnbmF0dXJl")}.${damaged(Buffer.from(json()).toString("base64url"))}`;
    return {
      path: pick(OTHER_PATHS).replace("ID", id()),
      method: pick(["GET", "POST", "POST", ...METHODS]),
      headers: { "content-type": type },
      body: type.includes("form-urlencoded")
        ? `signed_request=${encodeURIComponent(signed.toWellFormed())}${oneIn(4) ? "&signed_request=x" : ""}`
        : json().toWellFormed(),
      credentials: { session: oneIn(4), key: oneIn(8), cron: random() < 0.3 },
    };
  };
  return () => {
    const surface = random();
    if (surface < 0.66) return toTrpc();
    return surface < 0.84 ? toV1() : toOther();
  };
}
