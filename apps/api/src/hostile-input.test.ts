import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { QUERIES, takesInput } from "./testing/procedures.ts";

/** Texts that have broken parsers, databases and logs before. */
const TEXTS = [
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "\uffff",
  "\u202egnp.exe",
  "\u001b[2J",
  "\r\nset-cookie: a=b",
  "%00",
  "%c0%ae%c0%ae/",
  "%E0%A4%A",
  "%uD800",
  "../../../etc/passwd",
  "'; DROP TABLE users; --",
  "${7*7}{{7*7}}<%= 7*7 %>",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "NaN",
  "-0",
  "1e309",
  "9".repeat(400),
  "ﷺ".repeat(500),
  "a".repeat(60_000),
];

/** Bodies whose shape is the attack: prototype keys, doubled and unknown names, wrong types, depth, width, encodings. */
const BODIES: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"id":{"__proto__":{"polluted":true}}}',
  '{"__proto__.polluted":true}',
  '{"id":["__proto__"],"polluted":true}',
  '{"id":"a","id":"b"}',
  '{"\\u0069d":"a","id":"b"}',
  '{"id":"x","userId":"usr_other","isOperator":true}',
  '{"id":{"$ne":null}}',
  '{"id":{"toString":1}}',
  '{"id":1e400}',
  '{"id":-0}',
  "{'id':'x'}",
  '{"id":"x",}',
  '{"id":NaN}',
  '{"a":1}{"b":2}',
  "[".repeat(60_000),
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  `[${"0,".repeat(60_000)}0]`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
  "\ufeff{}x",
  new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  new Uint8Array([0xc3, 0x28, 0xa0, 0xa1]),
  new Uint8Array([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
];

/** What a sound call of each procedure looks like; every text in it is replaced by each of the above. */
const SOUND: Readonly<Record<string, Record<string, unknown>>> = {
  "auth.begin": { flavour: "instagram", returnTo: "/connections", reconnectLink: "x" },
  "auth.complete": { flavour: "instagram", query: "?code=a&state=b" },
  "keys.create": {
    name: "Uploader",
    actions: ["read"],
    connectionIds: ["CONNECTION"],
    allowedAddresses: ["192.0.2.1"],
    expiresAt: "2030-01-01T00:00:00Z",
  },
  "sinks.save": {
    connectionId: "CONNECTION",
    name: "Uploader",
    settings: { kind: "webhook", url: "https://example.com/hook" },
  },
  "connections.importToken": { text: "IGtoken" },
  "connections.refresh": { id: "CONNECTION" },
};

/** The same value with one of its texts replaced, for each text in it. */
function* eachTextReplaced(value: unknown, by: string): Generator<unknown, void, void> {
  if (typeof value === "string") yield by;
  if (Array.isArray(value))
    for (const [index, item] of value.entries())
      for (const replaced of eachTextReplaced(item, by)) yield value.with(index, replaced);
  else if (typeof value === "object" && value !== null)
    for (const [name, item] of Object.entries(value))
      for (const replaced of eachTextReplaced(item, by)) yield { ...value, [name]: replaced };
}

/** What is wrong with an answer, if anything is. */
async function problemWith(answer: Response): Promise<string | null> {
  const text = await answer.text();
  const isOurFault = answer.status >= 500 || /"httpStatus":5|node:internal|\.ts:\d/.test(text);
  const isPolluted = Reflect.get({}, "polluted") !== undefined;
  return isOurFault || isPolluted ? `${answer.status} ${text.slice(0, 200)}` : null;
}

describe.each(["SQLite", "Postgres"])("hostile input on %s", (engine) => {
  it("IN-04 of more than 300 kinds is refused or kept as what it is: no failure 500, nothing polluted", async () => {
    await using database = await createTestDatabase();
    await using app = await openTestApp({
      environment: {
        SIGN_INS_PER_MINUTE: "100000",
        ...(engine === "SQLite" ? {} : { DATABASE_URL: database.url }),
      },
    });
    const browser = app.newBrowser();
    const { connectionId } = await browser.signIn(app, "acme.shop");
    const session = new Map(browser.cookies);
    const problems: string[] = [];
    const statuses = new Map<number, number>();
    let kinds = 0;
    const send = async (address: string, body: (typeof BODIES)[number] | null): Promise<void> => {
      kinds += 1;
      browser.cookies.clear();
      for (const [name, value] of session) browser.cookies.set(name, value);
      const init = body === null ? {} : { method: "POST", body, headers: JSON_TYPE };
      const answer = await browser.request(address, init);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const problem = await problemWith(answer);
      if (problem !== null) problems.push(`${address.slice(0, 60)} ${String(body).slice(0, 80)}: ${problem}`);
    };

    for (const [procedure, sound] of Object.entries(SOUND)) {
      const known = JSON.parse(JSON.stringify(sound).replaceAll("CONNECTION", connectionId)) as unknown;
      for (const text of TEXTS)
        for (const input of eachTextReplaced(known, text))
          await send(`/trpc/${procedure}`, JSON.stringify(input));
    }
    for (const procedure of ["auth.begin", "auth.complete", "keys.create", "connections.refresh"])
      for (const body of BODIES) await send(`/trpc/${procedure}`, body);
    for (const procedure of QUERIES.filter(takesInput))
      for (const query of QUERY_STRINGS) await send(`/trpc/${procedure}${query}`, null);
    expect(kinds).toBeGreaterThan(300);
    expect(problems).toEqual([]);
    expect(statuses.get(429)).toBeUndefined(); // what is turned away at the door tests nothing behind it
    expect(await (await browser.query("auth.session")).json()).toMatchObject({
      result: { data: { user: { id: expect.stringMatching(/^usr_/) } } },
    });
  }, 60_000);
});

const JSON_TYPE = { "content-type": "application/json" };

/** Doubled, broken and foreign parameters. */
const QUERY_STRINGS = [
  "?input=%7B%7D&input=%7B%22id%22%3A%22x%22%7D",
  "?input[]=x&input[__proto__]=y",
  "?__proto__[polluted]=1&input=%7B%7D",
  "?input=%FF%FE",
  "?input=%7B%22id%22%3A%22%00%22%7D",
  "?input=%ED%A0%80",
  "?input=%",
  "?batch=1&batch=1&input=%7B%220%22%3A%7B%22__proto__%22%3A1%7D%7D",
  "?batch=1&input=%5B%5D",
  "?batch=1&input=%7B%22-1%22%3A%7B%7D%7D",
  "?batch=2",
  `?input=${"%5B".repeat(3_000)}`,
];

describe("other spellings of an address", () => {
  /** Ways to write the address of something, some of which servers have taken for the thing itself. */
  function spellings(root: string, rest: string): string[] {
    const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;
    return [
      `//${root}/${rest}`,
      `/${root}//${rest}`,
      `/${root}/${rest}/`,
      `/${root}/${rest}//`,
      `/${root}/./${rest}`,
      `/x/../${root}/${rest}`,
      `/${root}/x/../${rest}`,
      `/%2e/${root}/${rest}`,
      `/${root}/%2e%2e/${root}/${rest}`,
      `/${root}%2f${rest}`,
      `/${root}/${rest}%2f`,
      `/${hex(root[0] ?? "")}${root.slice(1)}/${rest}`,
      `/${root}/${hex(rest[0] ?? "")}${rest.slice(1)}`,
      `/${root}/${rest.replace(".", "%2E")}`,
      `/${root}/${rest.replace(".", "/")}`,
      `/${root.toUpperCase()}/${rest}`,
      `/${root}/${rest.toUpperCase()}`,
      `/${root}/${rest}%00`,
      `/${root}/${rest}%20`,
      `/${root}/${rest};x=1`,
      `/${root}/${rest}?x=1`,
      `/${root}/${rest}#x`,
      `/${root}\\${rest}`,
      `/${root}/%252e/${rest}`,
    ];
  }

  it("RL-04 get round no limit: what would be one sign-in too many stays one in every spelling and in a batch", async () => {
    await using app = await openTestApp({ environment: { SIGN_INS_PER_MINUTE: "3" } });
    const browser = app.newBrowser();
    for (let index = 0; index < 3; index += 1) expect((await browser.mutate("auth.begin")).status).toBe(200);
    expect((await browser.mutate("auth.begin")).status).toBe(429);
    const begun = browser.setCookies.length;
    for (const address of spellings("trpc", "auth.begin")) {
      const answer = await browser.request(address, { body: "{}" });
      expect([address, answer.status >= 400 && answer.status < 500]).toEqual([address, true]);
      await answer.arrayBuffer();
    }
    const names = Array.from({ length: 10 }, () => "auth.begin").join(",");
    const batch = JSON.stringify(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index, {}])));
    const answers = (await (
      await browser.request(`/trpc/${names}?batch=1`, { body: batch })
    ).json()) as unknown[];
    expect(answers.filter((answer) => JSON.stringify(answer).includes("too_many_requests"))).toHaveLength(10);
    expect(browser.setCookies.length).toBe(begun);
  });

  it("RL-04 open nothing that its own spelling keeps closed", async () => {
    await using app = await openTestApp();
    for (const [root, rest, method] of [
      ["cron", "refresh", "POST"],
      ["cron", "runs/run_aaaaaaaaaaaaaaaaaaaaaa", "GET"],
      ["v1", "connections", "GET"],
    ] as const) {
      for (const address of [`/${root}/${rest}`, ...spellings(root, rest)]) {
        const answer = await app.request(address, { method });
        expect([address, [401, 404, 405].includes(answer.status)]).toEqual([address, true]);
        await answer.arrayBuffer();
      }
    }
  });
});
