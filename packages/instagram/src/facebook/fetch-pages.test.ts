import { describe, expect, it } from "vitest";

import {
  byPath,
  DATA_ACCESS_END,
  page,
  pageReport,
  pathOf,
  permissions,
  report,
  TEST_PAGE_ID,
  TEST_USER_ID,
} from "../testing/facebook-graph.ts";
import { graph } from "../testing/graph-answers.ts";
import {
  errorOf,
  openTestFacebookLogin,
  TEST_ACCOUNT_ID,
  TEST_NOW,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";

const NOW_S = TEST_NOW.getTime() / 1000;
const MINUTE_MS = 60_000;
const GRANTED = ["instagram_basic", "pages_show_list", "business_management"];

const list = (...entries: object[]): TestAnswer => ({ json: { data: entries } });

/** A person with one Page, of which parts are answered otherwise. */
function openPages(answers: Parameters<typeof byPath>[0] = {}) {
  return openTestFacebookLogin(
    byPath({
      "/debug_token": report(),
      "/me/accounts": list(page()),
      "/me/permissions": permissions(GRANTED),
      "/me/businesses": list(),
      ...answers,
    }),
  );
}

describe("the Pages of a person", () => {
  it("come in one round trip, each with its token, the person and the end of data access", async () => {
    const { login, requests } = openPages();
    expect(await login.fetchPages(TEST_TOKEN)).toEqual({
      userId: TEST_USER_ID,
      permissions: GRANTED,
      unusable: [],
      emptyBecause: null,
      accounts: [
        {
          page: { id: TEST_PAGE_ID, name: "Acme" },
          profile: {
            accountId: TEST_ACCOUNT_ID,
            appScopedId: TEST_USER_ID,
            username: "acme.shop",
            accountType: "unknown",
            name: null,
            pictureUrl: null,
            followersCount: 42,
            followsCount: null,
            mediaCount: null,
            biography: null,
            website: null,
          },
          token: {
            value: "EAApage",
            permissions: GRANTED,
            issuedAt: TEST_NOW,
            expiresAt: new Date(DATA_ACCESS_END.getTime() - 5 * MINUTE_MS),
            isExpiryEstimated: false,
            dataAccessExpiresAt: DATA_ACCESS_END,
            hasNoExpiry: true,
          },
        },
      ],
    });
    expect(requests.map(pathOf).sort()).toEqual(["/debug_token", "/me/accounts", "/me/permissions"]);
  });

  it("OA-09 keep numeric ids to the last digit", async () => {
    const text = `{"data":[{"id":25811112222333345,"name":"A","access_token":"EAApage",
      "instagram_business_account":{"id":17841401234567891,"username":"a"}}]}`;
    const { login } = openPages({
      "/me/accounts": { text },
      "/debug_token": report({ granular_scopes: [] }),
    });
    const [account] = (await login.fetchPages(TEST_TOKEN)).accounts;
    expect(account).toMatchObject({
      page: { id: "25811112222333345" },
      profile: { accountId: "17841401234567891" },
    });
  });

  it("have tokens that end with the person's where that is a short-lived one", async () => {
    for (const issuedAt of [undefined, NOW_S]) {
      const shortLived = report({ expires_at: NOW_S + 3600, issued_at: issuedAt });
      const { login } = openPages({ "/debug_token": shortLived });
      const [account] = (await login.fetchPages(TEST_TOKEN)).accounts;
      expect(account?.token).toMatchObject({
        hasNoExpiry: false,
        expiresAt: new Date(TEST_NOW.getTime() + 57 * MINUTE_MS),
      });
    }
  });

  it("have tokens without an end where the person's own is in its last hours", async () => {
    const lastHours = report({ issued_at: NOW_S - 60 * 86_400, expires_at: NOW_S + 3600 });
    const { login } = openPages({ "/debug_token": lastHours });
    const [account] = (await login.fetchPages(TEST_TOKEN)).accounts;
    expect(account?.token).toMatchObject({ hasNoExpiry: true, dataAccessExpiresAt: DATA_ACCESS_END });
  });

  it("are listed once each, in the order they came, and what is no Page is left out", async () => {
    const second = page({ id: "1030000000002" });
    const { login } = openPages({
      "/me/accounts": { json: { data: [page(), null, 7, {}, second, page({ name: "Again" })] } },
    });
    const { accounts } = await login.fetchPages(TEST_TOKEN);
    expect(accounts.map(({ page: { name, id } }) => [name, id])).toEqual([
      ["Acme", TEST_PAGE_ID],
      ["Acme", "1030000000002"],
    ]);
  });
});

describe("a long list of Pages", () => {
  const sheet = (id: string, paging: object): TestAnswer => ({ json: { data: [page({ id })], paging } });
  const elsewhere = `https://evil.example/me/accounts?access_token=${TEST_TOKEN.value}&after=B`;

  it("SC-03 is read whole by its cursors, and its next address is neither followed nor shown", async () => {
    const { login, requests, calls } = openPages({
      "/me/accounts": (query) =>
        query.get("after") === null
          ? sheet("1030000000001", { cursors: { after: "A" }, next: elsewhere })
          : query.get("after") === "A"
            ? sheet("1030000000002", { next: elsewhere })
            : sheet("1030000000003", { cursors: { after: "C" } }),
    });
    const { accounts } = await login.fetchPages(TEST_TOKEN);
    expect(accounts.map(({ page: { id } }) => id)).toEqual([
      "1030000000001",
      "1030000000002",
      "1030000000003",
    ]);
    expect(new Set(requests.map(({ url }) => new URL(url).origin))).toEqual(
      new Set(["https://graph.facebook.com"]),
    );
    expect(JSON.stringify(calls)).not.toMatch(/SIMTOK|evil/);
  });

  it.each([
    ["repeats a part", () => "A", 2],
    ["never ends", (number: number) => `A${number}`, 20],
  ])("ends even when it %s", async (_what, cursorOf, parts) => {
    let number = 0;
    const { login, requests } = openPages({
      "/me/accounts": () => {
        number += 1;
        return sheet(TEST_PAGE_ID, { cursors: { after: cursorOf(number) }, next: elsewhere });
      },
    });
    expect((await login.fetchPages(TEST_TOKEN)).accounts).toHaveLength(1);
    expect(requests.filter((request) => pathOf(request) === "/me/accounts")).toHaveLength(parts);
  });

  it("fails as a whole when a part does", async () => {
    const { login } = openPages({
      "/me/accounts": (query) =>
        query.get("after") === null
          ? sheet(TEST_PAGE_ID, { cursors: { after: "A" }, next: elsewhere })
          : { status: 503, text: "<html>" },
    });
    const error = await errorOf(login.fetchPages(TEST_TOKEN));
    expect(error).toMatchObject({ code: "transient", retryable: true, operation: "fetch_pages" });
  });
});

describe("OA-16 of a token of another app", () => {
  it("nothing is given away, though its Pages are there", async () => {
    const { login } = openPages({ "/debug_token": report({ app_id: "700000000000009" }) });
    expect((await errorOf(login.fetchPages(TEST_TOKEN))).reason).toBe("foreign_app");
  });

  it("the inspection's verdict counts, whichever call failed first", async () => {
    const proof = graph(100, "Invalid appsecret_proof provided in the API argument");
    const { login, calls } = openTestFacebookLogin(async (request) => {
      if (pathOf(request) !== "/debug_token") return proof;
      await new Promise((resolve) => setImmediate(resolve)); // so that the others have failed by then
      return graph(100, "(#100) The App_id in the input_token did not match the Viewing App");
    });
    expect((await errorOf(login.fetchPages(TEST_TOKEN))).reason).toBe("foreign_app");
    expect(calls.map(({ operation }) => operation)).toEqual([
      "fetch_pages",
      "fetch_permissions",
      "inspect_token",
    ]);
  });
});

describe("a token that is no person's", () => {
  it("is refused for what it is", async () => {
    const noAccounts = graph(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)");
    for (const accounts of [noAccounts, list(page())]) {
      const { login } = openPages({ "/debug_token": pageReport(), "/me/accounts": accounts });
      const error = await errorOf(login.fetchPages(TEST_TOKEN));
      expect(error).toMatchObject({ code: "account_not_eligible", reason: "user_token_needed" });
    }
  });

  it("is fine when it is a system user's, whose Pages are its own", async () => {
    const { login } = openPages({
      "/debug_token": report({ type: "SYSTEM_USER", expires_at: 0, data_access_expires_at: 0 }),
    });
    const { accounts } = await login.fetchPages(TEST_TOKEN);
    expect(accounts[0]?.token).toMatchObject({ hasNoExpiry: true, isExpiryEstimated: true });
  });

  it("UP-07 is refused when the access to the data has ended, and when nobody is named", async () => {
    const ended = openPages({ "/debug_token": report({ data_access_expires_at: NOW_S - 1 }) });
    expect((await errorOf(ended.login.fetchPages(TEST_TOKEN))).reason).toBe("data_access_ended");
    const nameless = openPages({ "/debug_token": report({ user_id: undefined }) });
    expect((await errorOf(nameless.login.fetchPages(TEST_TOKEN))).reason).toBe("answer_incomplete");
  });
});

describe("a Page that gives no account", () => {
  it.each([
    ["no_instagram_account", { instagram_business_account: undefined }],
    ["no_instagram_account", { instagram_business_account: { id: TEST_ACCOUNT_ID } }],
    ["no_page_task", { tasks: ["ANALYZE", "ADVERTISE"] }],
    ["no_page_task", { tasks: [], access_token: undefined }],
    ["no_token", { access_token: undefined }],
    ["no_token", { access_token: "EAA page" }],
  ])("is told with the reason %s: %j", async (reason, part) => {
    const { login } = openPages({ "/me/accounts": list(page(part), page({ id: "1030000000002" })) });
    const pages = await login.fetchPages(TEST_TOKEN);
    expect(pages.unusable).toEqual([{ id: TEST_PAGE_ID, name: "Acme", reason }]);
    expect(pages.accounts).toHaveLength(1);
    expect(pages.emptyBecause).toBeNull();
  });

  it.each([["MANAGE"], ["CREATE_CONTENT"], ["PROFILE_PLUS_CREATE_CONTENT"], ["PROFILE_PLUS_FULL_CONTROL"]])(
    "is another: the task %s is enough",
    async (task) => {
      const { login } = openPages({ "/me/accounts": list(page({ tasks: [task] })) });
      expect((await login.fetchPages(TEST_TOKEN)).accounts).toHaveLength(1);
    },
  );
});

describe("when there is no account at all, the reason", () => {
  const nothingTicked = report({ granular_scopes: undefined });

  it.each([
    ["no_pages", GRANTED],
    ["business_management_missing", ["instagram_basic", "pages_show_list"]],
    ["pages_show_list_missing", ["instagram_basic", "business_management"]],
    ["pages_show_list_missing", []],
  ])("is %s with %j granted", async (emptyBecause, granted) => {
    const { login } = openPages({
      "/debug_token": nothingTicked,
      "/me/accounts": list(),
      "/me/permissions": permissions(granted, ["email"]),
    });
    const pages = await login.fetchPages(TEST_TOKEN);
    expect(pages).toMatchObject({ accounts: [], unusable: [], permissions: granted, emptyBecause });
  });

  it("is no_linked_account where there are Pages", async () => {
    const { login } = openPages({
      "/debug_token": nothingTicked,
      "/me/accounts": list(page({ instagram_business_account: undefined })),
    });
    const pages = await login.fetchPages(TEST_TOKEN);
    expect(pages).toMatchObject({ accounts: [], emptyBecause: "no_linked_account" });
  });

  it("is the missing permission too where Facebook refuses the list for it", async () => {
    const refused = graph(200, "(#200) Requires pages_show_list permission", {}, 403);
    const without = openPages({
      "/debug_token": nothingTicked,
      "/me/accounts": refused,
      "/me/permissions": permissions(["instagram_basic"], ["pages_show_list"]),
    });
    const pages = await without.login.fetchPages(TEST_TOKEN);
    expect(pages.emptyBecause).toBe("pages_show_list_missing");
    const withIt = openPages({ "/me/accounts": refused });
    expect((await errorOf(withIt.login.fetchPages(TEST_TOKEN))).code).toBe("permission_missing");
  });

  it("comes from the token's scopes when the permissions cannot be read back", async () => {
    const down = { status: 500, text: "<html>" };
    const { login } = openPages({ "/me/permissions": down });
    expect((await login.fetchPages(TEST_TOKEN)).permissions).toEqual(["instagram_basic", "pages_show_list"]);
    const unknown = openPages({ "/debug_token": report({ scopes: [] }), "/me/permissions": down });
    expect((await unknown.login.fetchPages(TEST_TOKEN)).permissions).toBeNull();
  });
});
