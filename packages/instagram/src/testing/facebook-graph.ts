import type { TransportRequest } from "../transport.ts";
import { TEST_ACCOUNT_ID, TEST_APP, TEST_NOW, type TestAnswer } from "./open-test-login.ts";

const DAY_S = 86_400;
const NOW_S = TEST_NOW.getTime() / 1000;

export const TEST_USER_ID = "10200000000000001";
export const TEST_PAGE_ID = "1030000000001";
/** When the access to the person's data ends in {@link report}. */
export const DATA_ACCESS_END = new Date((NOW_S + 80 * DAY_S) * 1000);

/** An answer of `debug_token` about a person's long-lived token, with these fields instead. */
export function report(more: object = {}): TestAnswer {
  return {
    json: {
      data: {
        app_id: TEST_APP.clientId,
        type: "USER",
        application: "Acme",
        data_access_expires_at: NOW_S + 80 * DAY_S,
        expires_at: NOW_S + 60 * DAY_S,
        is_valid: true,
        issued_at: NOW_S,
        scopes: ["instagram_basic", "pages_show_list"],
        granular_scopes: [{ scope: "pages_show_list", target_ids: [TEST_PAGE_ID] }],
        user_id: TEST_USER_ID,
        ...more,
      },
    },
  };
}

/** One about a Page's token, which has no expiry date. */
export function pageReport(more: object = {}): TestAnswer {
  return report({ type: "PAGE", expires_at: 0, profile_id: TEST_PAGE_ID, ...more });
}

/** A Page with a linked account, as a list gives it, with these fields instead. */
export function page(more: object = {}): object {
  return {
    id: TEST_PAGE_ID,
    name: "Acme",
    access_token: "EAApage",
    tasks: ["MANAGE", "CREATE_CONTENT"],
    instagram_business_account: { id: TEST_ACCOUNT_ID, username: "acme.shop", followers_count: 42 },
    ...more,
  };
}

/** What was granted and what was declined, as Facebook lists it. */
export function permissions(granted: readonly string[], declined: readonly string[] = []): TestAnswer {
  const data = [
    ...granted.map((permission) => ({ permission, status: "granted" })),
    ...declined.map((permission) => ({ permission, status: "declined" })),
  ];
  return { json: { data } };
}

/** Answers by path, without the version. A path nobody wrote an answer for fails the call. */
export function byPath(
  answers: Readonly<Record<string, TestAnswer | ((query: URLSearchParams) => TestAnswer)>>,
): (request: TransportRequest) => TestAnswer {
  return (request) => {
    const answer = answers[pathOf(request)];
    if (answer === undefined) return new Error("The test has no answer for this path.");
    return typeof answer === "function" ? answer(new URL(request.url).searchParams) : answer;
  };
}

/** The path of a request, without the version. */
export function pathOf(request: TransportRequest): string {
  return new URL(request.url).pathname.replace(/^\/v\d+\.\d+/, "");
}
