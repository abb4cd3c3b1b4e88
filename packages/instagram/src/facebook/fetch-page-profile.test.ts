import { describe, expect, it } from "vitest";

import { byPath, pageReport, pathOf, report, TEST_PAGE_ID, TEST_USER_ID } from "../testing/facebook-graph.ts";
import { graph } from "../testing/graph-answers.ts";
import {
  errorOf,
  openTestFacebookLogin,
  TEST_ACCOUNT_ID,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";

const ACCOUNT = { id: TEST_ACCOUNT_ID, username: "acme.shop" };
const DETAILS = {
  id: TEST_ACCOUNT_ID,
  name: "Acme",
  profile_picture_url: "https://cdn.example.com/p.jpg?sig=1",
  followers_count: 42,
  follows_count: 7,
  media_count: 12,
};
const NOT_A_PAGE = graph(
  100,
  "(#100) Tried accessing nonexisting field (instagram_business_account) on node type (User)",
);

function openProfile(identity: TestAnswer, details: TestAnswer, inspection: TestAnswer = pageReport()) {
  return openTestFacebookLogin(
    byPath({
      "/debug_token": inspection,
      "/me": (query) => (query.get("fields")?.includes("username") === true ? identity : details),
    }),
  );
}

const linked = (account: object): TestAnswer => ({
  json: { id: TEST_PAGE_ID, name: "Acme", instagram_business_account: account },
});

describe("a Page's profile", () => {
  it("is the linked account's, with the person from the inspection, in three calls side by side", async () => {
    const { login, requests } = openProfile(linked(ACCOUNT), linked(DETAILS));
    expect(await login.fetchProfile(TEST_TOKEN)).toEqual({
      accountId: TEST_ACCOUNT_ID,
      appScopedId: TEST_USER_ID,
      username: "acme.shop",
      accountType: "unknown",
      name: "Acme",
      pictureUrl: "https://cdn.example.com/p.jpg?sig=1",
      followersCount: 42,
      followsCount: 7,
      mediaCount: 12,
      biography: null,
      website: null,
    });
    expect(requests.map(pathOf).sort()).toEqual(["/debug_token", "/me", "/me"]);
    expect(requests.some(({ url }) => url.includes("account_type"))).toBe(false);
  });

  it("does without the details", async () => {
    const { login } = openProfile(linked(ACCOUNT), { status: 500, text: "<html>" });
    expect(await login.fetchProfile(TEST_TOKEN)).toMatchObject({ username: "acme.shop", name: null });
  });

  it("OA-16 is not given for a token of another app, whatever else answers", async () => {
    const { login } = openProfile(linked(ACCOUNT), linked(DETAILS), report({ app_id: "700000000000009" }));
    expect((await errorOf(login.fetchProfile(TEST_TOKEN))).reason).toBe("foreign_app");
  });

  it.each([
    [
      "a Page without a linked account",
      { json: { id: TEST_PAGE_ID, name: "Acme" } },
      pageReport(),
      "page_without_account",
    ],
    ["a person's token", NOT_A_PAGE, report(), "page_token_needed"],
    [
      "a person's token, answered without the field",
      { json: { id: "1", name: "Ana" } },
      report(),
      "page_token_needed",
    ],
    ["a system user's token", linked(ACCOUNT), report({ type: "SYSTEM_USER" }), "page_token_needed"],
  ])("is refused for %s", async (_what, identity, inspection, reason) => {
    const { login } = openProfile(identity, { json: {} }, inspection);
    const error = await errorOf(login.fetchProfile(TEST_TOKEN));
    expect(error).toMatchObject({ code: "account_not_eligible", reason, operation: "fetch_profile" });
    expect(error).toMatchObject({ retryable: false, needsReauth: false });
  });

  it.each([
    ["an account without a username", linked({ id: TEST_ACCOUNT_ID }), pageReport()],
    ["an account without an id", linked({ username: "acme.shop" }), pageReport()],
    ["an empty answer", { json: {} }, pageReport()],
    ["a person nobody names", linked(ACCOUNT), pageReport({ user_id: undefined })],
  ])("fails on %s", async (_what, identity, inspection) => {
    const { login } = openProfile(identity, linked(DETAILS), inspection);
    expect((await errorOf(login.fetchProfile(TEST_TOKEN))).reason).toBe("answer_incomplete");
  });

  it("is not asked for with an empty token, and leaves no promise behind", async () => {
    const { login, requests } = openTestFacebookLogin([]);
    await expect(login.fetchProfile({ value: "" })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("a probe of a Page's token", () => {
  it("OA-09 is one small request, and gives back the account id to the last digit", async () => {
    const text = `{"id":"${TEST_PAGE_ID}","instagram_business_account":{"id":17841401234567891}}`;
    const { login, requests, calls } = openTestFacebookLogin([{ text }]);
    expect(await login.probeToken(TEST_TOKEN)).toBe("17841401234567891");
    expect(requests.map(pathOf)).toEqual(["/me"]);
    expect(calls).toMatchObject([{ operation: "probe_token", httpStatus: 200 }]);
  });

  it.each([
    [graph(190, "", { error_subcode: 460 }), "password_changed", true],
    [graph(190, "Invalid OAuth access token signature."), "token_rejected", true],
    [graph(2, "", {}, 500), "outage", false],
    [NOT_A_PAGE, "page_token_needed", false],
    [{ json: { id: TEST_PAGE_ID } }, "page_without_account", false],
    [{ json: { id: TEST_PAGE_ID, instagram_business_account: {} } }, "answer_incomplete", false],
    [{ json: {} }, "answer_incomplete", false],
  ] satisfies [TestAnswer, string, boolean][])(
    "UP-08 reads %j as %s",
    async (answer, reason, needsReauth) => {
      const { login } = openTestFacebookLogin([answer]);
      const error = await errorOf(login.probeToken(TEST_TOKEN));
      expect(error).toMatchObject({ reason, needsReauth, operation: "probe_token" });
    },
  );
});
