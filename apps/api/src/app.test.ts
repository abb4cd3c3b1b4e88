import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { MUTATIONS, QUERIES, SUBSCRIPTIONS, takesInput } from "./testing/procedures.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

describe("bad input", () => {
  it("IN-01 is a 4xx with a code and a sentence on every procedure, and changes nothing", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const bodies = [
      "",
      "{",
      "null",
      "[]",
      "1",
      '"x"',
      '{"unknown":1}',
      '{"id":1}',
      '{"id":null}',
      '{"id":"con_x"}',
      '{"flavour":"x"}',
      '{"flavour":"instagram","query":5}',
      '{"__proto__":{"id":"x"}}',
      '{"constructor":{}}',
      '{"hours":-1}',
      '{"hours":1e9}',
      `{"id":"con_${"a".repeat(22)}","force":"yes"}`,
      '{"id":"con_\\u0000"}',
      '{"query":"\\ud800","flavour":"instagram"}',
      '{"returnTo":["/"]}',
      '{"a":{"b":{"c":1}}}',
      "[".repeat(10_000),
      `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
    ];
    for (const procedure of MUTATIONS) {
      for (const body of bodies) {
        const answer = await browser.request(`/trpc/${procedure}`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
        });
        const text = await answer.text();
        const isFine =
          answer.status === 200 && ["account.export", "auth.signOut", "auth.begin"].includes(procedure);
        if (!isFine)
          expect([procedure, body.slice(0, 40), answer.status >= 400 && answer.status < 500]).toEqual([
            procedure,
            body.slice(0, 40),
            true,
          ]);
        expect(text).not.toMatch(/\n\s+at |node:internal|\.ts:\d|ZodError|"stack"/);
        if (procedure === "auth.signOut" && answer.status === 200) await browser.signIn(app, "acme.shop");
      }
    }
    for (const procedure of [...QUERIES, ...SUBSCRIPTIONS]) {
      for (const input of [
        "",
        "{",
        "[]",
        "%ZZ",
        "null",
        '{"id":5}',
        '{"id":"x","unknown":1}',
        '{"limit":1e9,"id":"x"}',
      ]) {
        const query = `?input=${input === "%ZZ" ? input : encodeURIComponent(input)}`;
        if (!takesInput(procedure)) continue;
        const answer = await browser.request(`/trpc/${procedure}${query}`);
        const isRefused = answer.status >= 400 && answer.status < 500;
        // A stream says what is wrong in its first event.
        const isRefusedInStream =
          SUBSCRIPTIONS.includes(procedure) && (await answer.text()).includes('"httpStatus":4');
        expect([procedure, input, isRefused || isRefusedInStream]).toEqual([procedure, input, true]);
      }
    }
  });

  it("IN-02 ends at the size limit of a body", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const answer = await browser.mutate("auth.complete", {
      flavour: "instagram",
      query: "x".repeat(1_048_577),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { code: "body_too_large" } });
  });

  it("IN-03 runs none of a batch that is longer than ten", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    for (const length of [11, 1_000]) {
      const names = Array.from({ length }, () => "auth.begin").join(",");
      const body = JSON.stringify(Object.fromEntries(Array.from({ length }, (_, index) => [index, {}])));
      const answer = await browser.request(`/trpc/${names}?batch=1`, { body });
      expect(answer.status).toBe(400);
      await answer.arrayBuffer();
    }
    expect(browser.setCookies).toEqual([]);
    const ten = Array.from({ length: 10 }, () => "auth.session").join(",");
    expect((await browser.request(`/trpc/${ten}?batch=1&input=%7B%7D`)).status).toBe(200);
  });

  it("answers an unknown address and an unknown procedure in the same clear way", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    expect(await (await browser.request("/nothing/here")).json()).toMatchObject({
      error: { code: "not_found" },
    });
    expect((await errorOf(await browser.query("auth.nothing"))).data).toMatchObject({
      reason: "not_found",
      httpStatus: 404,
    });
  });
});

describe("errors", () => {
  it("SC-04 echoes nothing that Instagram or Facebook says, in 60 answers with a canary, and gives an id to find it by", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const canary = "CANARYxUPSTREAMxTEXT";
    const places = [
      ["instagram", "acme.shop", "code"],
      ["instagram", "acme.shop", "me"],
      ["facebook", "alex.kim.shop", "pages"],
    ] as const;
    const requestIds = new Set<string>();
    for (const [flavour, user, at] of places) {
      for (const code of [
        1, 2, 4, 10, 17, 100, 101, 102, 190, 191, 200, 341, 368, 452, 613, 803, 2500, 80002, 99999, 9007,
      ]) {
        app.sim.faults.clear();
        app.sim.faults.add({
          at,
          do: "graph_error",
          with: { status: 400, code, message: `${canary} access_token=${canary}` },
        });
        const begun = await browser.mutate("auth.begin", { flavour });
        const { authorizationUrl } = await resultOf<{ authorizationUrl: string }>(begun);
        const { search } = new URL(await app.sim.authorize({ authorizationUrl, user }));
        const answer = await browser.mutate("auth.complete", { flavour, query: search });
        const text = await answer.text();
        expect(text).not.toContain("CANARY");
        expect(text).toMatch(/"reason":"[a-z_]+"/);
        const [, requestId = ""] = /"requestId":"([\w-]{8,})"/.exec(text) ?? [];
        expect(requestId).toBe(answer.headers.get("x-request-id"));
        requestIds.add(requestId);
      }
    }
    expect(requestIds.size).toBe(60);
    const log = app.logLines.join("");
    expect(log).not.toContain("CANARY");
    for (const requestId of requestIds) expect(log).toContain(requestId);
  });

  it("SC-05 holds no stack trace whatever NODE_ENV says", async () => {
    for (const NODE_ENV of ["development", "test", ""]) {
      await using app = await openTestApp({ environment: { NODE_ENV } });
      const browser = app.newBrowser();
      for (const answer of [
        await browser.query("connections.list"),
        await browser.query("nothing"),
        await browser.mutate("auth.complete", { x: 1 }),
      ]) {
        expect(await answer.text()).not.toMatch(/stack|\.ts:|node_modules/);
      }
    }
  });

  it("carries an id that the log knows too", async () => {
    await using app = await openTestApp();
    const answer = await app.newBrowser().query("connections.list");
    const requestId = answer.headers.get("x-request-id") ?? "";
    expect((await errorOf(answer)).data).toMatchObject({ requestId });
    expect(app.logLines.some((line) => line.includes(requestId))).toBe(true);
  });
});

describe("a person's connections", () => {
  it("SP-01 never hold a token in any answer", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { connectionId: id } = await browser.signIn(app, "acme.shop");
    app.sim.clock.advance({ days: 40 });
    const answers = [
      await browser.query("connections.list"),
      await browser.query("connections.get", { id }),
      await browser.query("connections.history", { id }),
      await browser.mutate("connections.refresh", { id, force: true }),
      await browser.query("auth.session"),
    ];
    for (const answer of answers) {
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text).not.toMatch(/SIMTOK|SIMSEC|SIMCODE|v1\.dev\.|sealed/i);
    }
  });

  it("are nobody else's", async () => {
    await using app = await openTestApp();
    const [mine, theirs] = [app.newBrowser(), app.newBrowser()];
    await mine.signIn(app, "acme.shop");
    const { connectionId: id } = await theirs.signIn(app, "lena.paints");
    for (const other of [id, "con_0000000000000000000000"]) {
      for (const answer of [
        await mine.query("connections.get", { id: other }),
        await mine.query("connections.history", { id: other }),
        await mine.mutate("connections.refresh", { id: other, force: true }),
        await mine.mutate("connections.disconnect", { id: other }),
      ]) {
        expect((await errorOf(answer)).data).toMatchObject({
          reason: "connection_not_found",
          httpStatus: 404,
        });
      }
    }
    expect(
      (await resultOf<{ connections: unknown[] }>(await mine.query("connections.list"))).connections,
    ).toHaveLength(1);
  });

  it("can be disconnected, which forgets the token", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { connectionId: id } = await browser.signIn(app, "acme.shop");
    await resultOf(await browser.mutate("connections.disconnect", { id }));
    expect(
      (await resultOf<{ connections: unknown[] }>(await browser.query("connections.list"))).connections,
    ).toEqual([]);
    expect((await errorOf(await browser.query("connections.get", { id }))).data.reason).toBe(
      "connection_not_found",
    );
  });
});
