import { freePort } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { startServer } from "./server.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { seededRandom } from "./testing/random.ts";
import { formOf, signedRequest } from "./testing/signed-request.ts";
import { openStoreOf, storePeople, type StoredPerson } from "./testing/stored-people.ts";

type DeletionAnswer = { url: string; confirmation_code: string };

const DEAUTHORIZE = "/meta/deauthorize";
const DELETION = "/meta/data-deletion";
const settle = (app: TestApp) => app.runtime.connections.callbacks.settle();

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { error: { code: string } }).error.code;
}

describe("Meta's callbacks", () => {
  it("MC-07 are answered with what Meta asks for, without a cookie and with all headers", async () => {
    await using app = await openTestApp({ appUrl: "https://app.example.com" });
    await app.newBrowser().signIn(app, "acme.shop");
    const form = formOf(signedRequest(app, { userId: app.sim.users.get("acme.shop").appScopedId }));
    const removed = await app.request(DEAUTHORIZE, form);
    expect([removed.status, await removed.json()]).toEqual([200, { accepted: true }]);
    const headers = { ...form.headers, "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
    const deleted = await app.request(DELETION, { ...form, headers });
    expect(deleted.status).toBe(200);
    const answer = (await deleted.json()) as DeletionAnswer;
    expect(answer.confirmation_code).toMatch(/^[A-Za-z0-9_-]{27}$/);
    expect(answer.url).toBe(`https://app.example.com/meta/data-deletion/${answer.confirmation_code}`);
    for (const each of [removed, deleted]) {
      expect(each.headers.get("cache-control")).toBe("no-store");
      expect(each.headers.getSetCookie()).toEqual([]);
      expect(each.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(each.headers.get("x-content-type-options")).toBe("nosniff");
    }
    await settle(app);
    expect(await app.runtime.connections.page({ after: null, limit: 9 })).toEqual([]);
  });

  it("MC-01 MC-05 are taken from the app of each login, and from nobody else's", async () => {
    await using app = await openTestApp();
    const { instagramApp, facebookApp } = app.sim;
    const ask = async (secret: string, userId: string): Promise<number> =>
      (await app.request(DEAUTHORIZE, formOf(signedRequest(app, { userId, secret })))).status;
    expect(await ask(instagramApp.clientSecret, "25811112222333345")).toBe(200);
    expect(await ask(facebookApp.clientSecret, "10200000000000001")).toBe(200);
    for (const secret of [
      instagramApp.clientId,
      `${facebookApp.clientSecret} `,
      app.environment["CRON_SECRET"] ?? "x",
    ])
      expect(await ask(secret, "25811112222333345")).toBe(403);
    const events = await app.runtime.connections.audit.list({ userId: null, before: null, limit: 9 });
    const accepted = events.filter(({ kind }) => kind === "callback.accepted");
    expect(accepted.map(({ detail }) => String(detail["flavour"])).toSorted()).toEqual([
      "facebook",
      "instagram",
    ]);
  });

  it("MC-07 have a page that everybody can open who has the code, and that says nothing of anybody", async () => {
    await using app = await openTestApp();
    await app.newBrowser().signIn(app, "acme.shop");
    const { appScopedId, professionalId, username } = app.sim.users.get("acme.shop");
    const answer = await app.request(DELETION, formOf(signedRequest(app, { userId: appScopedId })));
    const { confirmation_code: code } = (await answer.json()) as DeletionAnswer;
    await settle(app);
    const page = await app.request(`${DELETION}/${code}`);
    const text = await page.text();
    expect([page.status, page.headers.get("content-type"), page.headers.get("cache-control")]).toEqual([
      200,
      "text/html; charset=UTF-8",
      "no-store",
    ]);
    expect(text).toContain("<h1>The data is deleted</h1>");
    expect(text).not.toMatch(/<script|style=|<style/);
    for (const personal of [appScopedId, professionalId, username, code, "usr_", "con_"])
      expect(text).not.toContain(personal);
    expect(page.headers.getSetCookie()).toEqual([]);
    const style = await app.request("/meta/page.css");
    expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    for (const guess of ["no-such-code", "a".repeat(27), "..%2F..%2Fetc", `${code}%00`]) {
      const unknown = await app.request(`${DELETION}/${guess}`);
      expect([guess, unknown.status]).toEqual([guess, 404]);
      expect(await unknown.text()).not.toContain(guess);
    }
    const lines = app.logLines.join("\n");
    for (const secret of [code, appScopedId, "signed_request="]) expect(lines).not.toContain(secret);
    expect(lines).toContain('"path":"/meta/data-deletion/{code}"');
  });

  it("MC-02 are refused where they are no form, too large, not posted, or hold it not once", async () => {
    await using app = await openTestApp();
    const signed = signedRequest(app, { userId: "25811112222333345" });
    const form = formOf(signed);
    const send = (change: Partial<typeof form>) => app.request(DELETION, { ...form, ...change });
    const typed = (type: string) => send({ headers: { "content-type": type } });
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
      expect([type, (await typed(type)).status]).toEqual([type, 415]);
    expect((await app.request(DELETION, { method: "POST", body: form.body })).status).toBe(415);
    expect((await send({ body: `${form.body}&padding=${"x".repeat(20_000)}` })).status).toBe(413);
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const refused = await app.request(DEAUTHORIZE, { method });
      expect([method, refused.status, refused.headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
    for (const body of ["", "signed_request=", `${form.body}&${form.body}`, signed, "%E0%A4%A", "\0"])
      expect(await codeOf(await send({ body }))).toBe("signed_request_invalid");
    const forged = await send({
      body: `signed_request=${signedRequest(app, { userId: "1", secret: "other" })}`,
    });
    expect([forged.status, await codeOf(forged)]).toEqual([403, "signed_request_forged"]);
    const old = signedRequest(app, {
      userId: "1",
      issuedAtMs: app.sim.clock.now().getTime() - 2 * 86_400_000,
    });
    const stale = await send(formOf(old));
    expect([stale.status, await codeOf(stale)]).toEqual([400, "signed_request_stale"]);
  });

  it("MC-01 MC-02 M7 do 500 right things and no wrong one, among 10,000 that are malformed or forged", async () => {
    const seed = 20_261_128;
    const random = seededRandom(seed);
    await using app = await openTestApp({ environment: { LOG_LEVEL: "info" } });
    await using store = await openStoreOf(app);
    const people = await storePeople(store, 600);
    const [bystanders, removing, leaving] = [people.slice(0, 100), people.slice(100, 350), people.slice(350)];
    const valid = [
      ...removing.map((person) => ({ path: DEAUTHORIZE, person })),
      ...leaving.map((person) => ({ path: DELETION, person })),
    ];
    const wrong = createWrongRequests(app, bystanders, random);
    const requests = [
      ...valid.map(({ path, person: { appScopedId } }) => ({
        path,
        init: formOf(signedRequest(app, { userId: appScopedId })),
        isValid: true,
      })),
      ...Array.from({ length: 10_000 }, () => ({ ...wrong(), isValid: false })),
    ]
      .map((request) => ({ request, order: random() }))
      .sort((left, right) => left.order - right.order)
      .map(({ request }) => request);

    const counts = { right: 0, accepted: 0, failed: 0 };
    for (const { path, init, isValid } of requests) {
      const { status } = await app.request(path, init);
      if (isValid && status === 200) counts.right += 1;
      if (!isValid && status < 400) counts.accepted += 1;
      if (status >= 500) counts.failed += 1;
    }
    expect([seed, counts]).toEqual([seed, { right: 500, accepted: 0, failed: 0 }]);

    await settle(app);
    const left = new Map(
      (await store.pageConnections({ after: null, limit: 999 })).map((each) => [each.id, each]),
    );
    const statusOf = ({ connectionId }: StoredPerson) => left.get(connectionId)?.status ?? "erased";
    expect(new Set(bystanders.map(statusOf))).toEqual(new Set(["active"]));
    expect(new Set(removing.map(statusOf))).toEqual(new Set(["reconnect_required"]));
    expect(new Set(leaving.map(statusOf))).toEqual(new Set(["erased"]));
    const erased = await Promise.all(leaving.map(({ userId }) => store.findUser(userId)));
    expect(erased.every((user) => user === null)).toBe(true);
  }, 60_000);

  it("MC-03 act once and answer alike when a hundred of the same come at a time", async () => {
    await using app = await openTestApp();
    await app.newBrowser().signIn(app, "acme.shop");
    const form = formOf(signedRequest(app, { userId: app.sim.users.get("acme.shop").appScopedId }));
    const answers = await Promise.all(Array.from({ length: 60 }, () => app.request(DELETION, form)));
    for (let more = 0; more < 40; more += 1) answers.push(await app.request(DELETION, form));
    const bodies = await Promise.all(answers.map(async (each) => JSON.stringify(await each.json())));
    expect([answers.length, new Set(bodies).size]).toEqual([100, 1]);
  });

  it("MC-10 are turned away beyond what can be done at once, and people are not", async () => {
    await using app = await openTestApp();
    const form = formOf(signedRequest(app, { userId: "25811112222333345" }));
    const answers = await Promise.all([
      ...Array.from({ length: 200 }, () => app.request(DEAUTHORIZE, form)),
      app.newBrowser().query("auth.session"),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(136);
    expect(statuses.filter((status) => status === 200)).toHaveLength(65);
    expect(statuses.at(-1)).toBe(200);
    expect(answers.find(({ status }) => status === 503)?.headers.get("retry-after")).toBe("2");
  });

  it("come from the simulator in every variant there is: it acts on the right ones alone", async () => {
    const port = await freePort();
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;
    const simulator = { callbacks: { deauthorizeUrl: at(DEAUTHORIZE), dataDeletionUrl: at(DELETION) } };
    await using app = await openTestApp({ simulator });
    const server = await startServer(app.runtime, { webRoot: null, port });
    const verdicts: Record<string, number[]> = {};
    for (const variant of VARIANTS) {
      const answers = await app.sim.send({ kind: "delete", user: "acme.shop", variant });
      verdicts[variant] = answers.map(({ status }) => status ?? 0);
    }
    expect(verdicts).toEqual({
      valid: [200],
      padded: [200],
      unknown_person: [200],
      reordered: [200, 200],
      bad_signature: [403],
      other_secret: [403],
      algorithm_none: [400],
      no_algorithm: [400],
      encoded_twice: [400],
      non_canonical: [400],
      old: [400],
      future: [400],
      json_body: [415],
      huge: [413],
    });
    await server.stop();
  });
});

const VARIANTS = [
  "valid",
  "padded",
  "unknown_person",
  "reordered",
  "bad_signature",
  "other_secret",
  "algorithm_none",
  "no_algorithm",
  "encoded_twice",
  "non_canonical",
  "old",
  "future",
  "json_body",
  "huge",
] as const;

type Wrong = { path: string; init: ReturnType<typeof formOf> };

/** Requests about people who have asked for nothing: forged, damaged, or of another form. */
function createWrongRequests(
  app: TestApp,
  bystanders: readonly StoredPerson[],
  random: () => number,
): () => Wrong {
  const below = (end: number) => Math.floor(random() * end);
  const noise = "ABCxyz019-_=.%+/& \0é{}[]\"'";
  const noisy = (length: number) => Array.from({ length }, () => noise.charAt(below(noise.length))).join("");
  const valid = (userId: string) => signedRequest(app, { userId });
  const damaged = (text: string): string => {
    const at = below(text.length);
    const changed = text.slice(0, at) + noisy(1 + below(3)) + text.slice(at + 1 + below(3));
    return changed.replace("=.", ".").replace(/=+$/, "") === text ? `x${text}` : changed;
  };
  const kinds: ((userId: string) => Wrong["init"])[] = [
    (userId) => formOf(damaged(valid(userId))),
    (userId) => formOf(signedRequest(app, { userId, secret: noisy(24) })),
    (userId) => formOf(`${valid("1").split(".")[0]}.${valid(userId).split(".")[1]}`),
    (userId) => formOf(`.${valid(userId).split(".")[1]}`),
    (userId) => formOf(encodeURIComponent(valid(userId)).replace(".", "%2E")),
    (userId) => ({
      ...formOf(""),
      body: damaged(formOf(valid(userId)).body.replace("signed_request", noisy(9))),
    }),
    (userId) => ({
      ...formOf(valid(userId)),
      headers: { "content-type": noisy(12).replaceAll(/[^\x21-\x7e]/g, "") },
    }),
    (userId) => ({ ...formOf(""), body: JSON.stringify({ signed_request: valid(userId) }) }),
    () => ({ ...formOf(""), body: noisy(below(300)) }),
    (userId) => formOf(valid(userId).repeat(2)),
  ];
  return () => {
    const { appScopedId = "1" } = bystanders[below(bystanders.length)] ?? {};
    const kind = kinds[below(kinds.length)];
    return { path: random() < 0.5 ? DEAUTHORIZE : DELETION, init: kind?.(appScopedId) ?? formOf("") };
  };
}
