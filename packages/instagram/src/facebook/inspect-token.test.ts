import { describe, expect, it } from "vitest";

import {
  DATA_ACCESS_END,
  pageReport,
  report,
  TEST_PAGE_ID,
  TEST_USER_ID,
} from "../testing/facebook-graph.ts";
import { graph } from "../testing/graph-answers.ts";
import {
  errorOf,
  openTestFacebookLogin,
  TEST_APP,
  TEST_NOW,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";

const NOW_S = TEST_NOW.getTime() / 1000;
const DAY_S = 86_400;

function inspected(answer: TestAnswer) {
  return openTestFacebookLogin([answer]).login.inspectToken(TEST_TOKEN);
}

describe("an inspection", () => {
  it("asks with the app's own token and gives back everything it is told", async () => {
    const { login, requests } = openTestFacebookLogin([report()]);
    expect(await login.inspectToken(TEST_TOKEN)).toEqual({
      kind: "user",
      appId: TEST_APP.clientId,
      application: "Acme",
      userId: TEST_USER_ID,
      profileId: null,
      scopes: ["instagram_basic", "pages_show_list"],
      granularScopes: [{ scope: "pages_show_list", targetIds: [TEST_PAGE_ID] }],
      issuedAt: TEST_NOW,
      expiresAt: new Date((NOW_S + 60 * DAY_S) * 1000),
      hasNoExpiry: false,
      dataAccessExpiresAt: DATA_ACCESS_END,
    });
    const url = new URL(requests[0]?.url ?? "");
    expect(url.pathname).toBe("/v26.0/debug_token");
    expect(url.searchParams.get("input_token")).toBe(TEST_TOKEN.value);
    expect(url.searchParams.get("access_token")).toBe(`${TEST_APP.clientId}|${TEST_APP.clientSecret}`);
  });

  it("takes 0 for no end, not for 1970, and tells it from an end nobody told", async () => {
    const unending = await inspected(pageReport({ data_access_expires_at: 0 }));
    expect(unending).toMatchObject({ expiresAt: null, hasNoExpiry: true, dataAccessExpiresAt: null });
    const untold = await inspected(report({ expires_at: undefined, data_access_expires_at: undefined }));
    expect(untold).toMatchObject({ expiresAt: null, hasNoExpiry: false, dataAccessExpiresAt: null });
  });

  it.each([
    ["USER", "user"],
    ["PAGE", "page"],
    ["APP", "app"],
    ["SYSTEM_USER", "system_user"],
  ])("knows the kind %s", async (type, kind) => {
    expect((await inspected(report({ type }))).kind).toBe(kind);
  });

  it("OA-09 keeps numeric ids to the last digit", async () => {
    const text = `{"data":{"app_id":${TEST_APP.clientId},"type":"PAGE","is_valid":true,"expires_at":0,
      "user_id":25811112222333345,"profile_id":17841401234567891,
      "granular_scopes":[{"scope":"pages_show_list","target_ids":[25811112222333347]},{"scope":"instagram_basic"}]}}`;
    expect(await inspected({ text })).toMatchObject({
      userId: "25811112222333345",
      profileId: "17841401234567891",
      granularScopes: [
        { scope: "pages_show_list", targetIds: ["25811112222333347"] },
        { scope: "instagram_basic", targetIds: null },
      ],
    });
  });

  it.each([
    { expires_at: TEST_NOW.getTime() },
    { expires_at: -1 },
    { expires_at: 1 },
    { expires_at: "soon" },
    { expires_at: 1.5 },
    { data_access_expires_at: NOW_S + 5000 * DAY_S },
    { issued_at: 1_000_000 },
    { issued_at: true },
    { type: "SOMETHING_NEW" },
    { app_id: undefined },
    { is_valid: undefined },
    { is_valid: "yes" },
  ])("UP-07 relies on no report with %j", async (part) => {
    const error = await errorOf(inspected(report(part)));
    expect(error).toMatchObject({ code: "unknown", reason: "answer_incomplete", needsReauth: false });
  });

  it.each(["app_id", "is_valid", "user_id"])("relies on no report that says %s twice", async (key) => {
    const answer = report();
    const text = JSON.stringify("json" in answer ? answer.json : null).replace(
      '"type"',
      `"${key}":"1","type"`,
    );
    expect((await errorOf(inspected({ text }))).reason).toBe("answer_incomplete");
  });

  it("is not made with an empty token", async () => {
    const { login, requests } = openTestFacebookLogin([]);
    await expect(login.inspectToken({ value: "" })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

describe("OA-16 a token of another app", () => {
  it.each([
    ["told by its id", report({ app_id: "700000000000009" })],
    ["told by its id, a number", report({ app_id: 700_000_000_000_009 })],
    [
      "which an app may not ask about",
      graph(
        100,
        "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app",
      ),
    ],
    ["otherwise", graph(100, "(#100) The App_id in the input_token did not match the Viewing App")],
  ])("is refused: %s", async (_what, answer) => {
    const error = await errorOf(inspected(answer));
    expect(error).toMatchObject({ code: "token_invalid", reason: "foreign_app", needsReauth: true });
    expect(error.operation).toBe("inspect_token");
  });
});

describe("a dead token", () => {
  const dead = (error?: object): TestAnswer => ({ json: { data: { is_valid: false, scopes: [], error } } });

  it.each([
    [{ code: 190, subcode: 458, message: "The user has not authorized application 1." }, "app_removed"],
    [{ code: 190, subcode: 459, message: "" }, "checkpoint"],
    [{ code: 190, subcode: 460, message: "" }, "password_changed"],
    [{ code: 190, subcode: 463, message: "Session has expired on Monday" }, "token_expired"],
    [{ code: 190, error_subcode: 463, message: "" }, "token_expired"],
    [{ code: 190, subcode: 492, message: "" }, "page_role_lost"],
    [{ code: 190, subcode: 493, message: "" }, "data_access_ended"],
    [{ code: 190, message: "Invalid OAuth access token - Cannot parse access token" }, "token_unreadable"],
    [{ code: 190, message: "Invalid OAuth access token." }, "token_rejected"],
    [{ message: "Error validating access token: Session has expired on Monday" }, "token_expired"],
    [undefined, "token_rejected"],
  ])("is refused as its inner error %j says, under HTTP 200", async (inner, reason) => {
    const { login, calls } = openTestFacebookLogin([dead(inner)]);
    const error = await errorOf(login.inspectToken(TEST_TOKEN));
    expect(error).toMatchObject({ reason, needsReauth: true, httpStatus: 200 });
    expect(calls).toMatchObject([{ operation: "inspect_token", error: { code: error.code } }]);
  });

  it("is not taken for dead when the inner error is a passing one", async () => {
    const error = await errorOf(inspected(dead({ code: 2, message: "Service temporarily unavailable" })));
    expect(error).toMatchObject({ code: "transient", retryable: true, needsReauth: false });
  });
});

describe("our own id and secret", () => {
  it.each([
    [190, "Invalid OAuth access token signature."],
    [190, "Invalid OAuth access token - Cannot parse access token"],
    [190, ""],
    [102, ""],
  ])("are what a refusal %i %j of the call is about, not the token", async (code, message) => {
    const error = await errorOf(inspected(graph(code, message)));
    expect(error).toMatchObject({ code: "invalid_client", reason: "app_credentials_refused" });
    expect(error).toMatchObject({ needsReauth: false, retryable: false });
  });

  it("leave other faults of the call what they are", async () => {
    expect((await errorOf(inspected(graph(4, "")))).reason).toBe("app_throttled");
    expect((await errorOf(inspected(graph(2, "", {}, 500)))).code).toBe("transient");
    const unknownApp = graph(101, "Error validating application. Invalid application ID.");
    expect((await errorOf(inspected(unknownApp))).reason).toBe("app_unknown");
  });
});
