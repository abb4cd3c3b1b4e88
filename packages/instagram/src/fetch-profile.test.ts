import { describe, expect, it } from "vitest";

import { errorOf, openTestLogin, TEST_TOKEN, type TestAnswer } from "./testing/open-test-login.ts";
import type { TransportRequest } from "./transport.ts";

const IDENTITY = {
  id: "25811112222333345",
  user_id: "17841400000000123",
  username: "acme.shop",
  account_type: "BUSINESS",
};
const DETAILS = {
  id: "25811112222333345",
  name: "Acme",
  profile_picture_url: "https://cdn.example.com/p.jpg?sig=1",
  followers_count: 42,
  follows_count: 7,
  media_count: 12,
  biography: "Hand made.\nSince 1999",
  website: "https://acme.example/",
};

function fieldsOf(request: TransportRequest): string[] {
  return new URL(request.url).searchParams.get("fields")?.split(",") ?? [];
}

function openProfile(identity: TestAnswer, details: TestAnswer | ((fields: string[]) => TestAnswer)) {
  return openTestLogin((request) => {
    const fields = fieldsOf(request);
    if (fields.includes("username")) return identity;
    return typeof details === "function" ? details(fields) : details;
  });
}

describe("a profile", () => {
  it("comes from two calls side by side, the certain fields apart from the rest", async () => {
    const { login, requests, calls } = openProfile({ json: IDENTITY }, { json: DETAILS });
    expect(await login.fetchProfile(TEST_TOKEN)).toEqual({
      accountId: "17841400000000123",
      appScopedId: "25811112222333345",
      username: "acme.shop",
      accountType: "business",
      name: "Acme",
      pictureUrl: "https://cdn.example.com/p.jpg?sig=1",
      followersCount: 42,
      followsCount: 7,
      mediaCount: 12,
      biography: "Hand made.\nSince 1999",
      website: "https://acme.example/",
    });
    expect(requests.map((request) => new URL(request.url).pathname)).toEqual(["/v26.0/me", "/v26.0/me"]);
    expect(calls.map((call) => call.operation).sort()).toEqual(["fetch_profile", "fetch_profile_details"]);
  });

  it("is read from the wrapped shape too", async () => {
    const { login } = openProfile({ json: { data: [IDENTITY] } }, { json: { data: [DETAILS] } });
    expect(await login.fetchProfile(TEST_TOKEN)).toMatchObject({
      accountId: "17841400000000123",
      name: "Acme",
    });
  });

  it("OA-09 keeps numeric ids to the last digit", async () => {
    const text = '{"id":25811112222333345,"user_id":17841401234567891,"username":"a"}';
    const { login } = openProfile({ text }, { json: DETAILS });
    expect(await login.fetchProfile(TEST_TOKEN)).toMatchObject({
      accountId: "17841401234567891",
      appScopedId: "25811112222333345",
      accountType: "unknown",
    });
  });

  it.each([
    ["BUSINESS", "business"],
    ["Business", "business"],
    ["MEDIA_CREATOR", "creator"],
    ["Media_Creator", "creator"],
    ["PERSONAL", "personal"],
    ["SOMETHING_NEW", "unknown"],
    [undefined, "unknown"],
    [7, "unknown"],
  ])("reads the account type %j as %s", async (accountType, expected) => {
    const { login } = openProfile({ json: { ...IDENTITY, account_type: accountType } }, { json: {} });
    expect((await login.fetchProfile(TEST_TOKEN)).accountType).toBe(expected);
  });

  it.each(["id", "user_id", "username"])("fails without %s", async (missing) => {
    const { login } = openProfile({ json: { ...IDENTITY, [missing]: undefined } }, { json: DETAILS });
    const error = await errorOf(login.fetchProfile(TEST_TOKEN));
    expect(error).toMatchObject({ code: "unknown", reason: "answer_incomplete", operation: "fetch_profile" });
  });

  it("fails when an id is given twice", async () => {
    const text = '{"id":"1","user_id":"17841400000000123","user_id":"17841400000000124","username":"a"}';
    const { login } = openProfile({ text }, { json: DETAILS });
    expect((await errorOf(login.fetchProfile(TEST_TOKEN))).code).toBe("unknown");
  });

  it("is not asked for with an empty token, and leaves no promise behind", async () => {
    const { login, requests } = openTestLogin([]);
    await expect(login.fetchProfile({ value: "" })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("the details", () => {
  it("may fail without failing the profile, and onCall hears of it", async () => {
    const { login, calls } = openProfile({ json: IDENTITY }, { status: 500, text: "<html>" });
    expect(await login.fetchProfile(TEST_TOKEN)).toMatchObject({
      username: "acme.shop",
      name: null,
      followersCount: null,
    });
    const failed = calls.find((call) => call.operation === "fetch_profile_details");
    expect(failed).toMatchObject({ error: { code: "transient" }, httpStatus: 500 });
  });

  it("are asked for once more without the uncertain fields when one of those is refused", async () => {
    const message = "(#100) Tried accessing nonexisting field (biography) on node type (IGUser)";
    const { login, requests } = openProfile({ json: IDENTITY }, (fields) =>
      fields.includes("biography")
        ? { status: 400, json: { error: { code: 100, message } } }
        : { json: { ...DETAILS, biography: undefined, website: undefined } },
    );
    expect(await login.fetchProfile(TEST_TOKEN)).toMatchObject({
      name: "Acme",
      biography: null,
      website: null,
    });
    expect(requests).toHaveLength(3);
  });

  it("do not outlive a refused identity as an unhandled rejection", async () => {
    const dead = { status: 400, json: { error: { code: 190, error_subcode: 463, message: "" } } };
    const { login } = openProfile(dead, dead);
    expect((await errorOf(login.fetchProfile(TEST_TOKEN))).code).toBe("token_expired");
  });

  it("SP-03 hand on hostile text without control characters, and no address but http ones", async () => {
    const hostile = {
      name: `\u0000<script>alert(1)</script>\u001B[31m${"x".repeat(10_000)}`,
      biography: "line one\nline two\u0000\uD800",
      profile_picture_url: "javascript:alert(1)",
      website: 'https://a.example/" onload=x',
      followers_count: "many",
      follows_count: -1,
      media_count: 1.5,
    };
    const { login } = openProfile({ json: { ...IDENTITY, username: "\u202Eevil\u0000" } }, { json: hostile });
    const profile = await login.fetchProfile(TEST_TOKEN);
    expect(profile.username).toBe("\u202Eevil");
    expect(profile.name).toMatch(/^<script>alert\(1\)<\/script>\[31mx+$/);
    expect(profile.name?.length).toBeLessThanOrEqual(255);
    expect(profile.biography).toBe("line one\nline two\uFFFD");
    expect(profile).toMatchObject({ pictureUrl: null, website: null });
    expect(profile).toMatchObject({ followersCount: null, followsCount: null, mediaCount: null });
  });
});
