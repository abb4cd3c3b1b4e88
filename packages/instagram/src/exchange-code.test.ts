import { describe, expect, it } from "vitest";

import { errorOf, openTestLogin, TEST_APP, TEST_NOW } from "./testing/open-test-login.ts";
import { rawAnswer, startFaultServer } from "./testing/fault-server.ts";
import { createInstagramLogin } from "./instagram-login.ts";
import { createTransport } from "./transport.ts";

const REDIRECT_URI = "https://app.example.com/auth/instagram/callback?a=1&b=ü";
const INPUT = { code: "AQBx-y_z", redirectUri: REDIRECT_URI };

describe("the request", () => {
  it("is an urlencoded form with every value encoded once", async () => {
    const { login, requests } = openTestLogin([{ json: { access_token: "IGAAabc" } }]);
    await login.exchangeCode(INPUT);
    const [request] = requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "https://api.instagram.com/oauth/access_token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      client_id: TEST_APP.clientId,
      client_secret: TEST_APP.clientSecret,
      grant_type: "authorization_code",
      redirect_uri: REDIRECT_URI,
      code: "AQBx-y_z",
    });
  });

  it.each(["AQBx-y_z#_", " AQBx-y_z#_\n", "AQBx-y_z#_=_"])(
    "OA-11 takes the code %j without its fragment",
    async (code) => {
      const { login, requests } = openTestLogin([{ json: { access_token: "IGAAabc" } }]);
      await login.exchangeCode({ code, redirectUri: REDIRECT_URI });
      expect(new URLSearchParams(requests[0]?.body).get("code")).toBe("AQBx-y_z");
    },
  );

  it("is not made without a code", async () => {
    const { login, requests } = openTestLogin([]);
    await expect(login.exchangeCode({ code: "#_", redirectUri: REDIRECT_URI })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("the answer", () => {
  const wrapped =
    '{"data":[{"access_token":"IGAAabc","user_id":"1020304050607080","permissions":"instagram_business_basic,instagram_business_content_publish"}]}';
  const flat =
    '{"access_token": "IGAAabc", "user_id": 25811112222333345, "permissions": ["instagram_business_basic"]}';
  const both =
    '{"data":[{"access_token":"IGAAabc","user_id":25811112222333345,"permissions":["instagram_business_basic"]}]}';

  it.each([
    ["wrapped, with strings", wrapped, "1020304050607080", 2],
    ["flat, with a number", flat, "25811112222333345", 1],
    ["wrapped, with a number", both, "25811112222333345", 1],
    ["behind a byte-order mark and white space", `\uFEFF \r\n${flat}\n`, "25811112222333345", 1],
  ])("is read %s", async (_shape, text, appScopedId, permissions) => {
    const { login } = openTestLogin([{ text, headers: { "content-type": "text/javascript" } }]);
    const token = await login.exchangeCode(INPUT);
    expect(token).toMatchObject({ value: "IGAAabc", appScopedId });
    expect(token.permissions).toHaveLength(permissions);
  });

  it("OA-09 keeps neighbouring ids above 2^53 apart, to the last digit", async () => {
    const ids = ["17841401234567891", "17841401234567892", "17841401234567893"];
    const seen = [];
    for (const id of ids) {
      const { login } = openTestLogin([{ text: `{"access_token":"IGAAabc","user_id":${id}}` }]);
      seen.push((await login.exchangeCode(INPUT)).appScopedId);
    }
    expect(seen).toEqual(ids);
  });

  it("OA-09 leaves digits inside strings alone", async () => {
    const token = "IGAA:25811112222333345,25811112222333345";
    const { login } = openTestLogin([{ text: `{"access_token":"${token}","user_id":25811112222333345}` }]);
    expect(await login.exchangeCode(INPUT)).toMatchObject({ value: token, appScopedId: "25811112222333345" });
  });

  it.each([
    ["an array", ["instagram_business_basic", "instagram_business_manage_insights"]],
    ["commas", "instagram_business_basic,instagram_business_manage_insights"],
    ["commas and spaces", "instagram_business_basic, instagram_business_manage_insights"],
    ["spaces", "instagram_business_basic instagram_business_manage_insights"],
    [
      "an array with rubbish in it",
      ["instagram_business_basic", 7, null, "a\nb", "instagram_business_manage_insights"],
    ],
  ])("lists permissions given as %s", async (_shape, permissions) => {
    const { login } = openTestLogin([{ json: { access_token: "IGAAabc", permissions } }]);
    expect((await login.exchangeCode(INPUT)).permissions).toEqual([
      "instagram_business_basic",
      "instagram_business_manage_insights",
    ]);
  });

  it.each([undefined, null, "", [], 7, {}])(
    "takes permissions given as %j for unknown, not none",
    async (permissions) => {
      const { login } = openTestLogin([{ json: { access_token: "IGAAabc", permissions } }]);
      expect((await login.exchangeCode(INPUT)).permissions).toBeNull();
    },
  );

  it.each([undefined, null, "", "abc", "0", -1, 1.5, {}, "../me"])(
    "takes the user id %j for none",
    async (userId) => {
      const { login } = openTestLogin([{ json: { access_token: "IGAAabc", user_id: userId } }]);
      expect((await login.exchangeCode(INPUT)).appScopedId).toBeNull();
    },
  );

  it.each(["25811112222333345.5", "2.5811112222333345e16", "1e400"])(
    "OA-09 takes the number %s for no id rather than for a rounded one",
    async (number) => {
      const { login } = openTestLogin([{ text: `{"access_token":"IGAAabc","user_id":${number}}` }]);
      expect((await login.exchangeCode(INPUT)).appScopedId).toBeNull();
    },
  );

  it("CK-01 counts the hour from before the request, minus a margin", async () => {
    let clock = TEST_NOW;
    const { login } = openTestLogin(
      () => {
        clock = new Date(TEST_NOW.getTime() + 30_000); // the answer takes half a minute
        return { json: { access_token: "IGAAabc" } };
      },
      () => clock,
    );
    const token = await login.exchangeCode(INPUT);
    expect(token.issuedAt).toEqual(TEST_NOW);
    expect(token.expiresAt).toEqual(new Date(TEST_NOW.getTime() + 3_600_000 - 180_000));
  });
});

it.each(["before", "after"])(
  "OA-11 one attempt per code when the connection is reset %s the answer began",
  async (when) => {
    await using server = await startFaultServer((socket) => {
      if (when === "after")
        socket.write(rawAnswer(200, '{"access_token":"IGAAabc"}').slice(0, -10), () =>
          socket.resetAndDestroy(),
        );
      else socket.resetAndDestroy();
    });
    await using transport = createTransport();
    const login = createInstagramLogin({ app: TEST_APP, origins: { api: server.origin }, transport });
    const error = await errorOf(login.exchangeCode(INPUT));
    expect(error).toMatchObject({ code: "transient", retryable: false, needsReauth: true });
    expect(server.requests).toHaveLength(1);
  },
);
