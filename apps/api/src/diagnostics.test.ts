import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";
import { errorOf, resultOf } from "./testing/test-browser.ts";

describe("diagnostics.explain", () => {
  it("tells anybody what a failure comes from and what helps, finer where Meta said why", async () => {
    await using app = await openTestApp();
    const browser = app.newBrowser();
    const input = { code: "invalid_client", upstreamReason: "wrong_kind_of_app_id" };
    const entry = await resultOf(await browser.query("diagnostics.explain", input));
    expect(entry).toMatchObject({
      endedBy: "operator",
      causes: [expect.stringMatching(/INSTAGRAM_CLIENT_ID/), expect.any(String)],
      steps: { operator: [expect.any(String), expect.any(String)] },
      link: expect.stringMatching(/^https:\/\/developers\.facebook\.com\//),
    });
    const byCode = await resultOf<{ causes: string[] }>(
      await browser.query("diagnostics.explain", { code: "invalid_client", upstreamReason: null }),
    );
    expect(byCode.causes.length).toBeGreaterThan(2);
  });

  it.each([
    { code: "no_such_code", upstreamReason: null },
    { code: "toString", upstreamReason: null },
    { code: "invalid_client", upstreamReason: "constructor" },
  ])("refuses $code with $upstreamReason", async (input) => {
    await using app = await openTestApp();
    const answer = await app.newBrowser().query("diagnostics.explain", input);
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).data.reason).toBe("bad_request");
  });
});
