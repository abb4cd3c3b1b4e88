import path from "node:path";

import { moveHouse } from "@perennial/runtime";
import type { TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { formOf, signedRequest } from "./testing/signed-request.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

describe("an api whose database has moved away", () => {
  it("still shows people their pages, and says with a code and a sentence why it changes nothing", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { connectionId } = await browser.signIn(app, "acme.shop");
    await moveAway(app);
    const listed = async () =>
      (await resultOf<{ connections: unknown[] }>(await browser.query("connections.list"))).connections;
    expect(await listed()).toHaveLength(1);
    const answer = await browser.mutate("connections.disconnect", { id: connectionId });
    expect(answer.status).toBe(503);
    expect(await errorOf(answer)).toMatchObject({
      message: expect.stringContaining("moving house"),
      data: { reason: "moved", retryable: true, cure: expect.stringContaining("No connection is lost") },
    });
    expect(await listed()).toHaveLength(1);
  });

  it("MC-09 accepts nothing from Meta that it could not keep: it says to come again", async () => {
    await using app = await openTestApp();
    await app.newBrowser().signIn(app, "acme.shop");
    await moveAway(app);
    const form = formOf(signedRequest(app, { userId: app.sim.users.get("acme.shop").appScopedId }));
    for (const path of ["/meta/deauthorize", "/meta/data-deletion"]) {
      const answer = await app.request(path, form);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    }
  });

  it("still hands a living token out, also one that it would have renewed first", async () => {
    await using app = await openTestApp();
    const { connectionId } = await app.newBrowser().signIn(app, "acme.shop");
    const before = await app.runtime.connections.handOut({ connectionId, trigger: "api" });
    await moveAway(app);
    app.sim.clock.advance({ days: 55 });
    const after = await app.runtime.connections.handOut({ connectionId, trigger: "api" });
    expect(after.accessToken).toBe(before.accessToken);
  });
});

async function moveAway(app: TestWorld): Promise<void> {
  const report = await moveHouse(app.config, {
    from: app.config.databaseUrl,
    to: `file:${path.join(app.folder, "new.db")}`,
    drain: true,
    onProgress: () => undefined,
  });
  expect(report).toMatchObject({ kind: "moved", tokensOpened: 1 });
}
