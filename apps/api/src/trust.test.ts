import { StoreError } from "@perennial/db";
import { describe, expect, it } from "vitest";

import { startServer } from "./server.ts";
import { openTestApp, type TestApp } from "./testing/open-app.ts";
import { openV1 } from "./testing/open-v1.ts";
import { MUTATIONS } from "./testing/procedures.ts";
import { resultOf } from "./testing/test-browser.ts";

/** Begins a sign-in over the network, as our own page does it, from an address that a proxy names. */
async function beginSignIn(
  { port, appUrl }: { port: number; appUrl: string },
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(`http://127.0.0.1:${port}/trpc/auth.begin`, {
    method: "POST",
    body: "{}",
    headers: {
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
      origin: appUrl,
      "x-perennial-client": "web",
      ...headers,
    },
  });
}

async function listening(app: TestApp): Promise<{ port: number; appUrl: string } & AsyncDisposable> {
  const server = await startServer(app.runtime, { webRoot: null, port: 0 });
  return {
    port: server.port,
    appUrl: app.config.appUrl,
    [Symbol.asyncDispose]: async () => await server.stop(),
  };
}

describe("what a proxy would say", () => {
  it("HD-05 counts from nobody who is not configured: in limits, addresses and logs", async () => {
    await using app = await openTestApp({ environment: { SIGN_INS_PER_MINUTE: "3" } });
    await using server = await listening(app);
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      const forged = `192.0.2.${index}`;
      const answer = await beginSignIn(server, {
        "x-forwarded-for": forged,
        "x-real-ip": forged,
        forwarded: `for=${forged};host=evil.test;proto=https`,
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
        "x-forwarded-port": "8443",
        "cf-connecting-ip": forged,
        "true-client-ip": forged,
      });
      statuses.push(answer.status);
      expect(answer.headers.getSetCookie().join()).not.toContain("Secure");
      if (answer.status === 200) {
        const { authorizationUrl } = await resultOf<{ authorizationUrl: string }>(answer);
        expect(new URL(authorizationUrl).searchParams.get("redirect_uri")).toBe(
          `${server.appUrl}/auth/instagram/callback`,
        );
      }
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
    expect(app.logLines.join("")).not.toMatch(/192\.0\.2\.|evil\.test/);
  });

  it("HD-05 counts from a configured proxy, up to what that proxy itself has seen", async () => {
    const environment = { SIGN_INS_PER_MINUTE: "1", TRUSTED_PROXIES: "127.0.0.1" };
    await using app = await openTestApp({ environment });
    await using server = await listening(app);
    const ask = async (forwarded: string): Promise<number> =>
      (await beginSignIn(server, { "x-forwarded-for": forwarded })).status;
    expect(await ask("192.0.2.1")).toBe(200);
    expect(await ask("192.0.2.2")).toBe(200);
    expect(await ask("192.0.2.1")).toBe(429);
    expect(await ask("198.51.100.7, 192.0.2.1")).toBe(429); // what a client wrote before the proxy is hearsay
  });
});

describe("requests at the same time", () => {
  it("HD-06 share nothing: of 1,000 pairs each is judged by its own origin, cookie and id", async () => {
    await using app = await openTestApp();
    const [anna, ben] = [app.newBrowser(), app.newBrowser()];
    await anna.signIn(app, "acme.shop");
    await ben.signIn(app, "lena.paints");
    const userOf = async (answer: Response) =>
      (await resultOf<{ user: { id: string } | null }>(answer)).user?.id;
    const [annaId, benId] = [
      await userOf(await anna.query("auth.session")),
      await userOf(await ben.query("auth.session")),
    ];
    expect(annaId).not.toBe(benId);
    const mixUps: string[] = [];
    const pair = async (index: number): Promise<void> => {
      const [own, foreign] = await Promise.all([
        (index % 2 === 0 ? anna : ben).request("/trpc/auth.session", {
          headers: { "x-request-id": `own-request-${index}` },
        }),
        anna.request("/trpc/auth.signOut", {
          body: "{}",
          headers: { origin: "https://evil.test", "sec-fetch-site": "cross-site", host: "evil.test" },
        }),
      ]);
      if ((await userOf(own)) !== (index % 2 === 0 ? annaId : benId)) mixUps.push(`user of ${index}`);
      if (own.headers.get("x-request-id") !== `own-request-${index}`) mixUps.push(`id of ${index}`);
      if (foreign.status !== 403) mixUps.push(`origin of ${index}: ${foreign.status}`);
      await foreign.arrayBuffer();
    };
    for (let start = 0; start < 1_000; start += 200)
      await Promise.all(Array.from({ length: 200 }, async (_, index) => await pair(start + index)));
    expect(mixUps).toEqual([]);
  });
});

describe("a page of another site", () => {
  it("RF-04 begins no sign-in: neither by leading the browser somewhere, nor by a form, nor by a script", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const navigation = {
      origin: undefined,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "x-perennial-client": undefined,
      accept: "text/html",
    };
    const addresses = [
      "/",
      "/connections",
      "/reconnect?link=x",
      "/auth/instagram/callback?code=a&state=b",
      "/auth/instagram",
      "/auth/instagram/begin",
      "/login",
      ...MUTATIONS.flatMap((name) => [`/trpc/${name}`, `/trpc/${name}?input=%7B%7D`]),
    ];
    const forms = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];
    for (const address of addresses) {
      for (const site of ["cross-site", "same-site", "none"]) {
        const headers = { ...navigation, "sec-fetch-site": site };
        await (await browser.request(address, { headers })).arrayBuffer();
        for (const type of forms)
          await (
            await browser.request(address, { body: "{}", headers: { ...headers, "content-type": type } })
          ).arrayBuffer();
      }
      const script = {
        origin: "https://evil.test",
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "cors",
      };
      await (await browser.request(address, { body: "{}", headers: script })).arrayBuffer();
    }
    expect(browser.setCookies).toEqual([]);
    expect(app.sim.ledger()).toEqual([]);
  });
});

describe("the limits", () => {
  it("RL-05 hold for requests that come from nowhere anybody can say", async () => {
    await using app = await openTestApp({ environment: { SIGN_INS_PER_MINUTE: "5" } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => await app.newBrowser().mutate("auth.begin")),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it("RL-03 count all addresses of an IPv6 customer as one, on the web and with wrong keys", async () => {
    await using app = await openTestApp({
      environment: { SIGN_INS_PER_MINUTE: "5", TRUSTED_PROXIES: "127.0.0.1" },
    });
    await using server = await listening(app);
    const begin = async (address: string) => await beginSignIn(server, { "x-forwarded-for": address });
    const guess = async (address: string) =>
      await fetch(`http://127.0.0.1:${server.port}/v1/connections`, {
        headers: { authorization: `Bearer pnl_${"a".repeat(36)}`, "x-forwarded-for": address },
      });
    const statusesOf = async (ask: (address: string) => Promise<Response>, count: number) => {
      const addresses = Array.from(
        { length: count },
        (_, at) => `2001:db8:1:2:${at.toString(16)}::${at + 1}`,
      );
      const answers = await Promise.all(addresses.map(ask));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers.map(({ status }) => status);
    };
    const begun = await statusesOf(begin, 20);
    expect(begun.filter((status) => status === 200)).toHaveLength(5);
    expect(begun.filter((status) => status === 429)).toHaveLength(15);
    expect((await begin("2001:db8:1:3::1")).status).toBe(200); // somebody else
    expect(new Set(await statusesOf(guess, 200))).toEqual(new Set([401, 429]));
    expect((await guess("2001:db8:1:3::1")).status).toBe(401);
  });

  it("RL-05 are kept by the process alone while the store of the limits is down: fewer, and never without end", async () => {
    await using app = await openTestApp({
      environment: { SIGN_INS_PER_MINUTE: "5" },
      decorateStore: (store) => ({
        ...store,
        takePermits: async () => await Promise.reject(new StoreError("unavailable", "The limits are away.")),
      }),
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => await app.newBrowser().mutate("auth.begin")),
    );
    const begun = answers.filter(({ status }) => status === 200).length;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThanOrEqual(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20 - begun);
  });

  it("RL-06 lock nobody out for what 1,000 other addresses do: the owner signs in, and the key opens", async () => {
    await using v1 = await openV1({
      environment: { SIGN_INS_PER_MINUTE: "5", API_REQUESTS_PER_MINUTE: "60", TRUSTED_PROXIES: "127.0.0.1" },
    });
    const { secret, key } = await v1.createKey();
    const server = { port: v1.port, appUrl: v1.config.appUrl };
    const attack = async (index: number): Promise<void> => {
      const headers = { "x-forwarded-for": `10.${index % 250}.${Math.floor(index / 250)}.9` };
      const wrong = `${secret.slice(0, -8)}AAAAAAAA`;
      const guesses = await Promise.all([
        beginSignIn(server, headers),
        v1.overNetwork(`/v1/connections/${v1.connectionId}/token`, wrong, { headers }),
      ]);
      await Promise.all(guesses.map(async (answer) => await answer.arrayBuffer()));
    };
    let opened = 0;
    for (let start = 0; start < 1_000; start += 50) {
      await Promise.all(Array.from({ length: 50 }, async (_, index) => await attack(start + index)));
      const own = { headers: { "x-forwarded-for": "203.0.113.5" } };
      const token = await v1.overNetwork(`/v1/connections/${v1.connectionId}/token`, secret, own);
      await token.arrayBuffer();
      if (token.status === 200) opened += 1;
    }
    expect(opened).toBe(20);
    const begun = await beginSignIn(server, { "x-forwarded-for": "203.0.113.5" });
    expect(begun.status).toBe(200);
    expect(
      (await v1.runtime.connections.listApiKeys(v1.userId)).find(({ id }) => id === key.id),
    ).toMatchObject({
      revokedAt: null,
    });
  }, 30_000);
});
