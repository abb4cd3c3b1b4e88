import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

type Created = { key: { id: string; hint: string; revokedAt: string | null }; secret: string };
const EVERYTHING = { name: "Uploader", actions: ["read", "token", "refresh"] };

describe("a person's API keys", () => {
  it("AK-01 show their secret once, and it is nowhere in the database, the list or the log", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    const { key, secret } = await resultOf<Created>(await browser.mutate("keys.create", EVERYTHING));
    expect(secret).toMatch(/^pnl_[0-9A-Za-z]{38}$/);
    expect(key).toMatchObject({
      ...EVERYTHING,
      connectionIds: null,
      hint: secret.slice(-4),
      lastUsedAt: null,
    });
    const listed = await (await browser.query("keys.list")).text();
    expect(listed).toContain(key.id);
    expect(listed).not.toContain(secret.slice(4, 16));
    const stored = readdirSync(app.folder).map((name) => readFileSync(path.join(app.folder, name), "latin1"));
    expect([...stored, ...app.logLines].filter((text) => text.includes(secret.slice(4, 16)))).toEqual([]);
    expect(stored.some((text) => text.includes(key.id))).toBe(true);
  });

  it("AK-04 belong to the session's user, whatever else the request says", async () => {
    await using app = await openTestApp();
    const [mine, theirs] = [app.newBrowser(), app.newBrowser()];
    await mine.signIn(app, "acme.shop");
    const { connectionId: foreign } = await theirs.signIn(app, "lena.paints");
    const { user } = await resultOf<{ user: { id: string } }>(await theirs.query("auth.session"));
    const refused = [
      await mine.mutate("keys.create", { ...EVERYTHING, userId: user.id }),
      await mine.request(`/trpc/keys.create?userId=${user.id}`, {
        body: JSON.stringify({ ...EVERYTHING, userId: user.id }),
      }),
      await app.newBrowser().mutate("keys.create", { ...EVERYTHING, userId: user.id }),
      await app.newBrowser().mutate("keys.create", EVERYTHING),
      await app.newBrowser().query("keys.list"),
      await mine.mutate("keys.create", { ...EVERYTHING, connectionIds: [foreign] }),
      await mine.mutate("keys.create", { ...EVERYTHING, connectionIds: ["con_0000000000000000000000"] }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 401, 401, 401, 404, 404]);
    const headers = { "x-user-id": user.id, userid: user.id };
    const body = JSON.stringify(EVERYTHING);
    await resultOf(await mine.request(`/trpc/keys.create?userId=${user.id}`, { body, headers }));
    expect(await resultOf(await theirs.query("keys.list"))).toEqual([]);
    expect(await resultOf(await mine.query("keys.list"))).toHaveLength(1);
  });

  it("AK-09 are revoked by their owner, and another's looks like one that is missing", async () => {
    await using app = await openTestApp();
    const [mine, theirs] = [app.newBrowser(), app.newBrowser()];
    await mine.signIn(app, "acme.shop");
    await theirs.signIn(app, "lena.paints");
    const { key } = await resultOf<Created>(await theirs.mutate("keys.create", EVERYTHING));
    for (const id of [key.id, "key_0000000000000000000000"]) {
      const answer = await mine.mutate("keys.revoke", { id });
      const { message, data } = await errorOf(answer);
      expect([answer.status, message, data.reason]).toEqual([
        404,
        "There is no such API key.",
        "key_not_found",
      ]);
    }
    await resultOf(await theirs.mutate("keys.revoke", { id: key.id }));
    const [listed] = await resultOf<Created["key"][]>(await theirs.query("keys.list"));
    expect(listed?.revokedAt).toMatch(/^\d{4}-/);
  });

  it("are refused with a sentence when their settings make no sense", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    await browser.signIn(app, "acme.shop");
    for (const change of [
      { name: "  " },
      { name: "a\u0000b" },
      { expiresAt: "2020-01-01T00:00:00Z" },
      { allowedAddresses: ["192.0.2.0/33"] },
      { allowedAddresses: ["localhost"] },
    ]) {
      const { data } = await errorOf(await browser.mutate("keys.create", { ...EVERYTHING, ...change }));
      expect([change, data.reason, data.httpStatus]).toEqual([change, "key_settings_invalid", 400]);
    }
  });
});
