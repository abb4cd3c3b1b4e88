import { describe, expect, it } from "vitest";

import { readTokenText } from "./read-token-text.ts";

const IG = "IGAAT0kenOfATestThatNobodyEverIssued_0123456789-abcdefghijklmnop";
const EA = "EAAT0kenOfATestThatNobodyEverIssued0123456789ZAZBZCZD";
const SIM = "SIMTOK_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

type Verdict = { value: string; seconds?: number; at?: string } | { detail: RegExp };

const none = (detail: RegExp): Verdict => ({ detail });
const token = (value: string, rest: { seconds?: number; at?: string } = {}): Verdict => ({ value, ...rest });

const INPUTS: readonly [what: string, text: string, verdict: Verdict][] = [
  ["a bare token", IG, token(IG)],
  ["a bare Facebook token", EA, token(EA)],
  ["a bare token of no known kind", SIM, token(SIM)],
  ["blanks around it", `  ${IG}\t\n`, token(IG)],
  ["double quotes", `"${IG}"`, token(IG)],
  ["single quotes", `'${IG}'`, token(IG)],
  ["curly quotes", `“${IG}”`, token(IG)],
  ["backticks", `\`${IG}\``, token(IG)],
  ["a line break in the middle", `${SIM.slice(0, 40)}\n${SIM.slice(40)}`, token(SIM)],
  ["a Windows line break at its end", `${IG}\r\n`, token(IG)],
  ["invisible characters of a page", `\u200B${IG}\uFEFF`, token(IG)],
  ["a .env line", `INSTAGRAM_ACCESS_TOKEN=${IG}`, token(IG)],
  ["a quoted .env line", `INSTAGRAM_ACCESS_TOKEN="${IG}"`, token(IG)],
  ["an exported variable", `export IG_TOKEN='${IG}'`, token(IG)],
  [
    "a whole .env file",
    `APP_URL=https://a.test\nINSTAGRAM_CLIENT_ID=123456789012345\nINSTAGRAM_CLIENT_SECRET=0123456789abcdef0123456789abcdef\nIG_TOKEN=${IG}\n`,
    token(IG),
  ],
  ["a .env line with spaces and a comment", `IG_TOKEN = ${IG}  # of May`, token(IG)],
  ["a YAML line", `access_token: ${IG}`, token(IG)],
  ["a variable of no known name", `SOMETHING=${SIM}`, token(SIM)],
  [
    "an answer of the exchange",
    `{"access_token":"${IG}","token_type":"bearer","expires_in":5183944}`,
    token(IG, { seconds: 5_183_944 }),
  ],
  [
    "an expiry as text",
    `{"access_token":"${SIM}","expires_in":"5183944"}`,
    token(SIM, { seconds: 5_183_944 }),
  ],
  ["an expiry below one", `{"access_token":"${IG}","expires_in":0}`, token(IG)],
  ["the wrapped answer", `{"data":[{"access_token":"${IG}","user_id":"1020304050607080"}]}`, token(IG)],
  [
    "an instant in seconds",
    `{"access_token":"${IG}","expires_at":1790000000}`,
    token(IG, { at: "2026-09-21T14:13:20.000Z" }),
  ],
  [
    "an instant in milliseconds",
    `{"token":"${IG}","expires_at":1790000000000}`,
    token(IG, { at: "2026-09-21T14:13:20.000Z" }),
  ],
  [
    "an instant as a date",
    `{"token":"${IG}","expires_at":"2026-09-21T14:13:20Z"}`,
    token(IG, { at: "2026-09-21T14:13:20.000Z" }),
  ],
  ["JSON of another tool", `{"instagram":{"longLived":{"accessToken":"${IG}"}}}`, token(IG)],
  ["JSON with text around it", `Response:\n{"access_token":"${EA}"}\nOK`, token(EA)],
  ["JSON that was cut short", `{"access_token":"${IG}","token_type":"bea`, token(IG)],
  ["a URL's query", `https://graph.instagram.com/me?fields=id&access_token=${IG}`, token(IG)],
  [
    "a URL's fragment",
    `https://app.test/cb#access_token=${EA}&expires_in=5183944&state=x`,
    token(EA, { seconds: 5_183_944 }),
  ],
  ["an encoded URL", `https://graph.instagram.com/me?access_token=${encodeURIComponent(IG)}%20`, token(IG)],
  ["curl with a query", `curl -i -X GET "https://graph.facebook.com/v26.0/me?access_token=${EA}"`, token(EA)],
  [
    "curl with nothing but a token of no known kind",
    `curl "https://graph.test/me?access_token=${SIM}"`,
    token(SIM),
  ],
  ["curl with a header", `curl -H "Authorization: Bearer ${SIM}" https://graph.instagram.com/me`, token(SIM)],
  [
    "curl over several lines",
    `curl -X POST \\\n  -F 'access_token=${SIM}' \\\n  https://graph.facebook.com/me`,
    token(SIM),
  ],
  [
    "curl with form fields",
    `curl -d access_token=${EA} -d fields=id https://graph.facebook.com/me`,
    token(EA),
  ],
  ["a header alone", `Authorization: Bearer ${IG}`, token(IG)],
  ["the Graph API Explorer", `Access Token\n${EA}\nUser or Page\nGet Token`, token(EA)],
  ["the same token twice", `IG_TOKEN=${IG}\nINSTAGRAM_TOKEN="${IG}"`, token(IG)],
  ["nothing", "", none(/empty/)],
  ["blanks", " \n\t ", none(/empty/)],
  ["quotes around nothing", `""`, none(/Nothing in it/)],
  ["a sentence", "please connect my account, thank you very much", none(/Nothing in it/)],
  ["a word", "hello", none(/Nothing in it/)],
  ["two tokens", `${IG}\n${EA}`, none(/several/)],
  ["two tokens in JSON", `[{"access_token":"${IG}"},{"access_token":"${EA}"}]`, none(/several/)],
  ["an app token", "700000000000001|abcdefABCDEF0123456789_-x", none(/app token/)],
  [
    "a redirect address",
    "https://app.test/auth/instagram/callback?code=AQBxyz&state=abc#_",
    none(/authorization code/),
  ],
  ["a token cut short", "IGAAabc...", none(/cut short/)],
  ["a placeholder", "INSTAGRAM_TOKEN=xxxxx", none(/cut short/)],
  ["a page of HTML", `<!doctype html><title>Error</title>${"<p>x</p>".repeat(50)}`, none(/Nothing in it/)],
  [
    "JSON without a token",
    `{"error":{"message":"Invalid OAuth access token.","code":190}}`,
    none(/Nothing in it/),
  ],
  ["far too much", "x".repeat(100_001), none(/longer/)],
];

describe("a pasted token", () => {
  it.each(INPUTS)("is read from %s", (_what, text, verdict) => {
    const read = readTokenText(text);
    if ("detail" in verdict) {
      expect(read).toEqual({ kind: "none", detail: expect.stringMatching(verdict.detail) });
      return;
    }
    const { value, seconds = null, at } = verdict;
    const expiresAt = at === undefined ? null : new Date(at);
    expect(read).toEqual({ kind: "token", value, expiresInSeconds: seconds, expiresAt });
  });

  it("never fails, and repeats nothing of what it refuses, on 5,000 mutations", () => {
    const seed = Number(process.env["SEED"] ?? 20_261_125);
    const random = createRandom(seed);
    for (let round = 0; round < 5_000; round += 1) {
      const [, text = ""] = INPUTS[Math.floor(random() * (INPUTS.length - 1))] ?? [];
      const mutated = mutate(text, random);
      const read = readTokenText(mutated);
      if (read.kind === "token") expect(read.value, `seed ${seed}`).toMatch(/^[A-Za-z0-9_-]{20,4096}$/);
      else expect(read.detail, `seed ${seed}`).not.toMatch(/IGAA|EAAT|SIMTOK/);
    }
  });
});

/** Small, fast and the same on every machine. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SPLINTERS = [
  '"',
  "'",
  "{",
  "}",
  "=",
  "&",
  "%",
  "%zz",
  "\u0000",
  "\n",
  "é",
  "access_token",
  "\\",
  "code=",
  "👩‍🎨",
];

function mutate(text: string, random: () => number): string {
  let mutated = text;
  for (let times = 1 + Math.floor(random() * 6); times > 0; times -= 1) {
    const at = Math.floor(random() * (mutated.length + 1));
    const length = Math.floor(random() * 12);
    const splinter = SPLINTERS[Math.floor(random() * SPLINTERS.length)] ?? "";
    const kind = random();
    if (kind < 0.4) mutated = mutated.slice(0, at) + splinter + mutated.slice(at);
    else if (kind < 0.8) mutated = mutated.slice(0, at) + mutated.slice(at + length);
    else mutated = mutated.slice(at) + mutated.slice(0, at);
  }
  return mutated;
}

describe("texts that were made to be slow to read", () => {
  it("IN-07 take four times as long when they are four times as long", () => {
    const units = [
      "a",
      " ",
      "=",
      ",",
      '"',
      "'",
      "a=",
      "a =",
      "a: ",
      '"a"',
      "a-_",
      "Bearer ",
      "IGA",
      "IGAA ",
      "export ",
      "{",
      '{"a":',
      "token=,",
      "?code=",
      "xxx",
    ];
    const msFor = (unit: string, length: number): number => {
      const text = `${unit.repeat(Math.ceil(length / unit.length))}\u0001`;
      const runs = Array.from({ length: 4 }, () => {
        const startedAtMs = performance.now();
        readTokenText(text);
        return performance.now() - startedAtMs;
      });
      return Math.min(...runs); // the machine may be busy with something else in any of them
    };
    const isSlow = (unit: string): boolean => {
      const [shortMs, longMs] = [msFor(unit, 20_000), msFor(unit, 80_000)];
      // Sixteen times would be a square. Below some milliseconds there is nothing to tell apart, and no harm.
      return longMs > 20 && longMs > 10 * shortMs;
    };
    // What is a square is slow each time; what the machine held up is not.
    expect(units.filter((unit) => Array.from({ length: 5 }).every(() => isSlow(unit)))).toEqual([]);
  });

  it("IN-07 such as commas without end after a name, which are taken off in one pass", () => {
    const text = JSON.stringify({ token: `x${",".repeat(90_000)}x` });
    const startedAtMs = performance.now();
    expect(readTokenText(text).kind).toBe("none");
    expect(performance.now() - startedAtMs).toBeLessThan(2_000); // a square of it would be minutes
  });
});
