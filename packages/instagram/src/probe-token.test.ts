import { describe, expect, it } from "vitest";

import { graph } from "./testing/graph-answers.ts";
import { errorOf, openTestLogin, TEST_TOKEN } from "./testing/open-test-login.ts";

describe("a probe", () => {
  it("is one small request, and gives back whose token it is", async () => {
    const { login, requests, calls } = openTestLogin([{ json: { user_id: "17841400000000123", id: "25" } }]);
    expect(await login.probeToken(TEST_TOKEN)).toBe("17841400000000123");
    expect(requests).toEqual([
      {
        method: "GET",
        url: `https://graph.instagram.com/v26.0/me?fields=user_id&access_token=${TEST_TOKEN.value}`,
      },
    ]);
    expect(calls).toMatchObject([{ operation: "probe_token", path: "/v26.0/me", httpStatus: 200 }]);
  });

  it("OA-09 keeps the id to the last digit, flat or wrapped, as a number or a string", async () => {
    for (const text of [
      '{"user_id":17841401234567891,"id":25811112222333345}',
      '{"data":[{"user_id":"17841401234567891"}]}',
    ]) {
      const { login } = openTestLogin([{ text }]);
      expect(await login.probeToken(TEST_TOKEN)).toBe("17841401234567891");
    }
  });

  it("UP-08 tells a dead token from one about which nothing is known", async () => {
    const ends = [
      [graph(190, "", { error_subcode: 458 }), "token_revoked", true],
      [graph(190, "Invalid OAuth access token."), "token_invalid", true],
      [graph(2, "", {}, 500), "transient", false],
      [graph(4, ""), "rate_limited", false],
      [{ text: "<html>" }, "transient", false],
      [{ json: { id: "25811112222333345" } }, "unknown", false],
      [{ text: '{"user_id":"1","user_id":"2"}' }, "unknown", false],
    ] as const;
    for (const [answer, code, needsReauth] of ends) {
      const { login } = openTestLogin([answer]);
      const error = await errorOf(login.probeToken(TEST_TOKEN));
      expect(error).toMatchObject({ code, needsReauth, operation: "probe_token" });
      expect(error.message).toMatch(/^Probing the token failed: /);
    }
  });

  it("is not made with an empty token", async () => {
    const { login, requests } = openTestLogin([]);
    await expect(login.probeToken({ value: " " })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});
