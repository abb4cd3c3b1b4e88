import { describe, expect, it } from "vitest";

import { byPath, page, pathOf, permissions, report, TEST_PAGE_ID } from "../testing/facebook-graph.ts";
import { graph } from "../testing/graph-answers.ts";
import { errorOf, openTestFacebookLogin, TEST_TOKEN, type TestAnswer } from "../testing/open-test-login.ts";

const GRANTED = ["instagram_basic", "pages_show_list", "business_management"];
const HIDDEN_ID = "1030000000007";
const INVISIBLE = graph(100, "Unsupported get request. Object with ID does not exist", { error_subcode: 33 });
const DOWN: TestAnswer = { status: 503, text: "<html>" };

const list = (...entries: object[]): TestAnswer => ({ json: { data: entries } });
const hiddenPage = (more: object = {}): object =>
  page({ id: HIDDEN_ID, name: "Hidden", tasks: undefined, ...more });
const ticked = (...ids: string[]): TestAnswer =>
  report({
    granular_scopes: [
      { scope: "instagram_basic", target_ids: ["17841400000000123"] },
      { scope: "pages_show_list", target_ids: ids },
      { scope: "pages_read_engagement", target_ids: ids },
    ],
  });

function openPages(answers: Parameters<typeof byPath>[0]) {
  return openTestFacebookLogin(
    byPath({
      "/debug_token": ticked(TEST_PAGE_ID),
      "/me/accounts": list(),
      "/me/permissions": permissions(GRANTED),
      "/me/businesses": list(),
      ...answers,
    }),
  );
}

const idsOf = (pages: { accounts: { page: { id: string } }[] }): string[] =>
  pages.accounts.map(({ page: { id } }) => id);

describe("a Page that a portfolio hides from the list", () => {
  it("is asked for by the id the person ticked, without the field that only the list knows", async () => {
    const { login, requests } = openPages({
      "/debug_token": ticked(TEST_PAGE_ID, HIDDEN_ID),
      "/me/accounts": list(page()),
      [`/${HIDDEN_ID}`]: { json: hiddenPage() },
    });
    const pages = await login.fetchPages(TEST_TOKEN);
    expect(idsOf(pages)).toEqual([TEST_PAGE_ID, HIDDEN_ID]);
    const request = requests.find((sent) => pathOf(sent) === `/${HIDDEN_ID}`);
    expect(new URL(request?.url ?? "").searchParams.get("fields")).not.toContain("tasks");
    expect(requests.map(pathOf)).not.toContain(`/${TEST_PAGE_ID}`);
  });

  it("is found among those the portfolio owns and those of its clients", async () => {
    const { login } = openPages({
      "/debug_token": report({ granular_scopes: [{ scope: "pages_show_list" }] }),
      "/me/businesses": list({ id: "500000000000001" }, { id: "500000000000002" }),
      "/500000000000001/owned_pages": list(hiddenPage()),
      "/500000000000001/client_pages": list(hiddenPage({ id: "1030000000008" }), hiddenPage()),
      "/500000000000002/owned_pages": list(hiddenPage({ id: "1030000000009", access_token: undefined })),
      "/500000000000002/client_pages": list(),
    });
    const pages = await login.fetchPages(TEST_TOKEN);
    expect(idsOf(pages)).toEqual([HIDDEN_ID, "1030000000008"]);
    expect(pages.unusable).toEqual([{ id: "1030000000009", name: "Hidden", reason: "no_token" }]);
    expect(pages.emptyBecause).toBeNull();
  });

  it("is taken from where its token is, with the tasks from where they are told", async () => {
    const { login } = openPages({
      "/me/accounts": list(page({ access_token: undefined })),
      "/me/businesses": list({ id: "500000000000001" }),
      "/500000000000001/owned_pages": list(page({ tasks: undefined })),
      "/500000000000001/client_pages": list(),
    });
    expect(idsOf(await login.fetchPages(TEST_TOKEN))).toEqual([TEST_PAGE_ID]);
    const analyst = openPages({
      "/me/accounts": list(page({ access_token: undefined, tasks: ["ANALYZE"] })),
      "/me/businesses": list({ id: "500000000000001" }),
      "/500000000000001/owned_pages": list(page({ tasks: undefined })),
      "/500000000000001/client_pages": list(),
    });
    const { unusable } = await analyst.login.fetchPages(TEST_TOKEN);
    expect(unusable).toMatchObject([{ id: TEST_PAGE_ID, reason: "no_page_task" }]);
  });

  it("is told by its id alone where nothing more is to be seen", async () => {
    const { login } = openPages({
      "/debug_token": ticked(HIDDEN_ID),
      [`/${HIDDEN_ID}`]: INVISIBLE,
    });
    expect(await login.fetchPages(TEST_TOKEN)).toMatchObject({
      accounts: [],
      unusable: [{ id: HIDDEN_ID, name: HIDDEN_ID, reason: "no_token" }],
      emptyBecause: "no_linked_account",
    });
  });
});

describe("looking for hidden Pages", () => {
  it("costs nothing when all that was ticked is listed, or all was allowed and an account is there", async () => {
    for (const inspection of [
      ticked(TEST_PAGE_ID),
      report({ granular_scopes: [{ scope: "pages_show_list" }] }),
    ]) {
      const { login, requests } = openPages({
        "/debug_token": inspection,
        "/me/accounts": list(page()),
      });
      expect(idsOf(await login.fetchPages(TEST_TOKEN))).toEqual([TEST_PAGE_ID]);
      expect(requests).toHaveLength(3);
    }
  });

  it("asks for no portfolio without the permission for it", async () => {
    const { login, requests } = openPages({
      "/debug_token": ticked(HIDDEN_ID),
      "/me/permissions": permissions(["instagram_basic", "pages_show_list"]),
      [`/${HIDDEN_ID}`]: { json: hiddenPage() },
    });
    expect(idsOf(await login.fetchPages(TEST_TOKEN))).toEqual([HIDDEN_ID]);
    expect(requests.map(pathOf)).not.toContain("/me/businesses");
  });

  it("does without a list it may not see", async () => {
    const { login } = openPages({
      "/debug_token": report({ granular_scopes: undefined }),
      "/me/businesses": list({ id: "500000000000001" }),
      "/500000000000001/owned_pages": graph(10, "(#10) Application does not have permission"),
      "/500000000000001/client_pages": list(hiddenPage()),
    });
    expect(idsOf(await login.fetchPages(TEST_TOKEN))).toEqual([HIDDEN_ID]);
  });

  it.each([
    ["a list", { "/me/businesses": DOWN }],
    ["a Page", { [`/${TEST_PAGE_ID}`]: DOWN }],
    [
      "a portfolio",
      {
        "/me/businesses": list({ id: "500000000000001" }),
        "/500000000000001/owned_pages": DOWN,
        "/500000000000001/client_pages": list(hiddenPage()),
      },
    ],
  ])("fails when %s is not to be had for now, rather than leave Pages out", async (_what, answers) => {
    const { login } = openPages({ [`/${TEST_PAGE_ID}`]: INVISIBLE, ...answers });
    const error = await errorOf(login.fetchPages(TEST_TOKEN));
    expect(error).toMatchObject({ code: "transient", retryable: true, operation: "fetch_pages" });
  });

  it("makes no more calls than a person can have ticked", async () => {
    const ids = Array.from({ length: 500 }, (_, index) => String(1_030_000_001_000 + index));
    const { login, requests } = openTestFacebookLogin((request) => {
      if (pathOf(request) === "/debug_token") return ticked(...ids);
      if (pathOf(request) === "/me/permissions") return permissions(GRANTED);
      return pathOf(request).startsWith("/me/") ? list() : INVISIBLE;
    });
    await login.fetchPages(TEST_TOKEN);
    expect(requests.length).toBeLessThan(60);
  });
});
