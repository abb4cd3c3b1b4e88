import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { openV1 } from "./testing/open-v1.ts";
import { seededRandom } from "./testing/random.ts";

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 2_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_122);

const PATHS = [
  "account.export",
  "account.erase",
  "auth.begin",
  "auth.complete",
  "auth.resume",
  "auth.session",
  "auth.signOut",
  "connections.list",
  "connections.get",
  "connections.history",
  "connections.refresh",
  "connections.disconnect",
  "keys.list",
  "keys.create",
  "keys.revoke",
  "simulator.advance",
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
  "typed",
  "id",
  "flavour",
  "query",
  "attemptId",
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
  "__proto__",
  "constructor",
  "x",
];
const TEXTS = [
  "",
  "instagram",
  "facebook",
  "con_aaaaaaaaaaaaaaaaaaaaaa",
  "?code=a&state=b",
  "/connections",
  "\u0000",
  "\ud800",
  "ﷺ",
  "'; DROP TABLE users; --",
  "../../etc/passwd",
  "%E0%A4%A",
  "2026-01-01T00:00:00Z",
  "x".repeat(5_000),
];
const NUMBERS = [0, -1, 1, 2 ** 53, 1e308, -0.5, 24];

/** A random value: mostly shallow, now and then deep or wide. */
function randomValue(random: () => number, depth = 0): unknown {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const kind = random();
  if (kind < 0.35) return pick(TEXTS);
  if (kind < 0.5) return pick(NUMBERS);
  if (kind < 0.6) return pick([true, false, null]);
  if (kind < 0.7 && depth < 4)
    return Array.from({ length: Math.floor(random() * 4) }, () => randomValue(random, depth + 1));
  const entries = Array.from({ length: 1 + Math.floor(random() * 4) }, () => [
    pick(NAMES),
    depth < 4 ? randomValue(random, depth + 1) : 1,
  ]);
  return Object.fromEntries(entries as [string, unknown][]);
}

function damaged(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  return random() < 0.5
    ? text.slice(0, at)
    : `${text.slice(0, at)}${String.fromCharCode(Math.floor(random() * 300))}${text.slice(at + 1)}`;
}

describe("any request whatever", () => {
  it(`IN-01 is answered without a failure 500 in ${REQUESTS} seeded requests (seed ${SEED})`, async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const session = browser.cookies.get("perennial_session") ?? "";
    const random = seededRandom(SEED);
    const statuses = new Map<number, number>();
    const failures: string[] = [];
    for (let index = 0; index < REQUESTS; index += 1) {
      browser.cookies.clear();
      if (random() < 0.7) browser.cookies.set("perennial_session", session);
      const path = PATHS[Math.floor(random() * PATHS.length)] ?? "";
      const json = JSON.stringify(randomValue(random)) ?? "";
      const body = random() < 0.2 ? damaged(json, random) : json;
      const isGet = random() < 0.3;
      const batch = random() < 0.1 ? "batch=1&" : "";
      const address = isGet
        ? `/trpc/${path}?${batch}input=${encodeURIComponent(body.toWellFormed())}`
        : `/trpc/${path}?${batch}`;
      const answer = await browser.request(
        address,
        isGet ? {} : { method: "POST", body, headers: { "content-type": "application/json" } },
      );
      const text = await answer.text();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500 || /"httpStatus":500|node:internal|\.ts:\d/.test(text))
        failures.push(`${answer.status} ${address.slice(0, 80)} ${body.slice(0, 120)}`);
    }
    expect(failures).toEqual([]);
    expect([...statuses.keys()].length).toBeGreaterThan(3); // the requests were not all refused at one door
    expect((await browser.request("/readyz")).status).toBe(200);
  }, 120_000);
});

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
const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];
const PARAMETERS = ["scopes", "force", "access_token", "__proto__", "x"];

describe("any request whatever to /v1", () => {
  it(`IN-01 is answered without a failure 500, by both ways in (seed ${SEED})`, async () => {
    await using v1 = await openV1({ environment: { API_REQUESTS_PER_MINUTE: "1000000" } });
    const { secret } = await v1.createKey();
    const random = seededRandom(SEED);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const statuses = new Set<number>();
    const failures: string[] = [];
    for (let index = 0; index < REQUESTS / 4; index += 1) {
      const id =
        random() < 0.5 ? v1.connectionId : encodeURIComponent(pick(TEXTS).toWellFormed().slice(0, 500));
      const query =
        random() < 0.5
          ? ""
          : `?${pick(PARAMETERS)}=${encodeURIComponent(pick(TEXTS).toWellFormed().slice(0, 500))}`;
      const path = `/v1/connections${pick(V1_PATHS).replace("ID", id)}${query}`;
      const method = random() < 0.6 ? "GET" : pick(METHODS);
      const body = damaged(JSON.stringify(randomValue(random)) ?? "", random).toWellFormed();
      const headers: Record<string, string> =
        random() < 0.3 ? { "if-none-match": pick(["*", "W/", '"1"', ",,,", "x"]) } : {};
      const key = random() < 0.7 ? secret : encodeURIComponent(damaged(secret, random).toWellFormed());
      const init = method === "GET" || method === "HEAD" ? { method, headers } : { method, headers, body };
      const answer = await (random() < 0.5 ? v1.get : v1.overNetwork)(path, key, init);
      const text = await answer.text();
      statuses.add(answer.status);
      if (answer.status >= 500 || /node:internal|\.ts:\d/.test(text))
        failures.push(`${answer.status} ${method} ${path.slice(0, 80)} ${text.slice(0, 80)}`);
    }
    expect(failures).toEqual([]);
    expect(statuses.size).toBeGreaterThan(4);
  }, 60_000);
});
