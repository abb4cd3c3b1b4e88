import type { DoctorReport } from "@perennial/runtime";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

describe("diagnostics.report", () => {
  it("tells a developer at their own machine how the installation is, before anybody has signed in", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const report = await resultOf<DoctorReport>(await browser.query("diagnostics.report"));
    const levels = Object.fromEntries(report.checks.map(({ id, level }) => [id, level]));
    expect(levels).toMatchObject({ "database.writable": "green", "instagram.instagram": "green" });
    expect(report.isSimulated).toBe(true);
    const again = await resultOf<DoctorReport>(await browser.query("diagnostics.report"));
    expect(again.checkedAt).toBe(report.checkedAt);
  });

  it("SC-04 tells nothing of what it was handed in confidence", async () => {
    await using app = await openTestApp();
    const text = await (await app.newBrowser().query("diagnostics.report")).text();
    const { jwtSecret, tokenKeys, cronSecrets, instagram, facebook, simulator } = app.config;
    const secrets = [
      jwtSecret,
      ...cronSecrets,
      ...tokenKeys.map(({ key }) => Buffer.from(key).toString("base64")),
      instagram?.app.clientSecret ?? "",
      facebook?.app.clientSecret ?? "",
      simulator?.controlSecret ?? "",
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(text).not.toContain(secret);
    }
  });

  it("is for whom OPERATORS names, wherever people come from elsewhere", async () => {
    const appUrl = "https://app.test";
    await using app = await openTestApp({ appUrl });
    const stranger = app.newBrowser();
    expect((await errorOf(await stranger.query("diagnostics.report"))).data).toMatchObject({
      reason: "operators_only",
      httpStatus: 403,
    });
    await stranger.signIn(app, "acme.shop");
    const session = await resultOf<{ user: { id: string }; mayOperate: boolean }>(
      await stranger.query("auth.session"),
    );
    expect(session.mayOperate).toBe(false);
    expect((await stranger.query("diagnostics.report")).status).toBe(403);

    app.config.operators.push(session.user.id);
    expect((await stranger.query("diagnostics.report")).status).toBe(200);
    expect((await app.newBrowser().query("diagnostics.report")).status).toBe(403);
  });

  it("RL-01 is not to be had without end", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const answers = [];
    for (let turn = 0; turn < 61; turn += 1) answers.push(await browser.query("diagnostics.report"));
    expect(answers.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
    const last = answers[60];
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("diagnostics.guide", () => {
  it("is filled in with this installation's addresses, for everybody", async () => {
    await using app = await openTestApp({ appUrl: "https://app.test" });
    const text = await (await app.newBrowser().query("diagnostics.guide")).text();
    for (const path of ["auth/instagram/callback", "auth/facebook/callback", "meta/deauthorize"])
      expect(text).toContain(`"https://app.test/${path}"`);
  });
});
