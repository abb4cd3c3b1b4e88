import { startReceiver } from "@perennial/runtime/testing";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

type Saved = { sink: { id: string; target: string; state: string }; webhookSecret: string | null };

describe("sinks over tRPC", () => {
  it("are set up, listed, tested and removed by their owner, and never answer a secret twice", async () => {
    await using app = await openTestApp();
    await using receiver = await startReceiver();
    const browser = app.newBrowser();
    const { connectionId } = await browser.signIn(app, "acme.shop");
    const settings = { kind: "webhook", url: receiver.url };
    const saved = await resultOf<Saved>(
      await browser.mutate("sinks.save", { connectionId, name: "Site", settings }),
    );
    expect(saved).toMatchObject({
      sink: { kind: "webhook" },
      webhookSecret: expect.stringMatching(/^whsec_/),
    });
    const { id } = saved.sink;
    expect(await resultOf(await browser.mutate("sinks.test", { id }))).toMatchObject({
      httpStatus: 200,
      problem: null,
    });
    const list = await browser.query("sinks.list", { connectionId });
    expect(await resultOf(list)).toMatchObject([{ id, state: "delivered", isCurrent: true }]);
    const receipts = JSON.stringify(await resultOf(await browser.query("sinks.receipts", { id })));
    expect(receipts).not.toMatch(/SIMTOK|whsec_/);
    const stranger = app.newBrowser();
    await stranger.signIn(app, "lena.paints");
    expect((await errorOf(await stranger.mutate("sinks.test", { id }))).data.reason).toBe("sink_not_found");
    expect((await errorOf(await stranger.query("sinks.list", { connectionId }))).data.reason).toBe(
      "connection_not_found",
    );
    expect((await errorOf(await app.newBrowser().mutate("sinks.remove", { id }))).data.reason).toBe(
      "not_signed_in",
    );
    expect(await resultOf(await browser.mutate("sinks.remove", { id }))).toEqual({ removed: true });
    expect(await resultOf(await browser.query("sinks.list", { connectionId }))).toEqual([]);
  });

  it("write files in the folder that is open to the web, and nowhere else, and run no programs", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const { connectionId } = await browser.signIn(app, "acme.shop");
    const save = (settings: object) => browser.mutate("sinks.save", { connectionId, name: "S", settings });
    const saved = await resultOf<Saved>(await save({ kind: "env_file", path: "site.env", key: "IG" }));
    await resultOf(await browser.mutate("sinks.test", { id: saved.sink.id }));
    expect(readFileSync(path.join(app.folder, "sinks/site.env"), "utf8")).toMatch(/^IG=\S+\n$/);
    const outside = path.join(app.folder, "outside.env");
    const refused = [
      { kind: "env_file", path: "../outside.env", key: "IG" },
      { kind: "env_file", path: outside, key: "IG" },
      { kind: "command", program: "/bin/sh", args: ["-c", "true"] },
    ];
    for (const settings of refused)
      expect((await errorOf(await save(settings))).data).toMatchObject({
        reason: "sink_not_allowed",
        httpStatus: 403,
      });
    expect(existsSync(outside)).toBe(false);
    expect(await resultOf(await browser.query("sinks.kinds"))).toContainEqual({
      kind: "command",
      refusal: expect.stringContaining("command line"),
    });
    expect((await errorOf(await save({ kind: "ftp" }))).data.reason).toBe("bad_request");
  });
});
