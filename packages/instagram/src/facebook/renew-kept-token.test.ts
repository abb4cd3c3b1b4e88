import { describe, expect, it } from "vitest";

import { DATA_ACCESS_END, pageReport, pathOf, report } from "../testing/facebook-graph.ts";
import {
  errorOf,
  openTestFacebookLogin,
  TEST_NOW,
  TEST_TOKEN,
  type TestAnswer,
} from "../testing/open-test-login.ts";

const NOW_S = TEST_NOW.getTime() / 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const after = (ms: number): Date => new Date(TEST_NOW.getTime() + ms);
const inSeconds = (ms: number): number => NOW_S + ms / 1000;

function renewed(answer: TestAnswer, issuedAt?: Date) {
  const { login } = openTestFacebookLogin([answer]);
  return login.refreshLongLivedToken(issuedAt === undefined ? TEST_TOKEN : { ...TEST_TOKEN, issuedAt });
}

describe("renewing what cannot be renewed", () => {
  it("proves the token in one call and gives the same one back, with its ends as they are now", async () => {
    const { login, requests } = openTestFacebookLogin([pageReport()]);
    const issuedAt = after(-40 * DAY_MS);
    expect(await login.refreshLongLivedToken({ ...TEST_TOKEN, issuedAt })).toEqual({
      value: TEST_TOKEN.value,
      permissions: ["instagram_basic", "pages_show_list"],
      issuedAt,
      expiresAt: new Date(DATA_ACCESS_END.getTime() - 5 * MINUTE_MS),
      isExpiryEstimated: false,
      dataAccessExpiresAt: DATA_ACCESS_END,
      hasNoExpiry: true,
    });
    expect(requests.map(pathOf)).toEqual(["/debug_token"]);
  });

  it("takes the time of issue from the report, and from the clock where that says none", async () => {
    expect((await renewed(pageReport({ issued_at: NOW_S - 3600 }))).issuedAt).toEqual(after(-HOUR_MS));
    expect((await renewed(pageReport({ issued_at: undefined }))).issuedAt).toEqual(TEST_NOW);
  });

  it.each([
    [
      "the token's end, where it comes first",
      { expires_at: inSeconds(10 * DAY_MS), data_access_expires_at: inSeconds(20 * DAY_MS) },
      10 * DAY_MS - 5 * MINUTE_MS,
      false,
    ],
    [
      "the end of data access, where that comes first",
      { expires_at: inSeconds(20 * DAY_MS), data_access_expires_at: inSeconds(10 * DAY_MS) },
      10 * DAY_MS - 5 * MINUTE_MS,
      false,
    ],
    [
      "the only end told",
      { expires_at: inSeconds(HOUR_MS), data_access_expires_at: 0 },
      57 * MINUTE_MS,
      false,
    ],
    ["90 days where no end is told", { expires_at: 0, data_access_expires_at: 0 }, 90 * DAY_MS, true],
    [
      "the shortest credible life where nothing is told",
      { expires_at: undefined, data_access_expires_at: undefined },
      48 * HOUR_MS - 5 * MINUTE_MS,
      true,
    ],
    [
      "the shortest credible life where only the data's end is told, and that is later",
      { expires_at: undefined },
      48 * HOUR_MS - 5 * MINUTE_MS,
      true,
    ],
  ])("UP-07 expects %s", async (_what, part, lifeMs, isExpiryEstimated) => {
    const token = await renewed(report(part));
    expect(token.expiresAt).toEqual(after(lifeMs));
    expect(token.isExpiryEstimated).toBe(isExpiryEstimated);
  });

  it("moves a guessed end on with every proof of life", async () => {
    let clock = TEST_NOW;
    const { login } = openTestFacebookLogin(
      () => pageReport({ data_access_expires_at: 0 }),
      () => clock,
    );
    const first = await login.refreshLongLivedToken(TEST_TOKEN);
    clock = after(DAY_MS);
    const second = await login.refreshLongLivedToken(TEST_TOKEN);
    expect(second.expiresAt.getTime() - first.expiresAt.getTime()).toBe(DAY_MS);
  });

  it.each([
    ["the access to the data has ended", { data_access_expires_at: NOW_S }, "data_access_ended"],
    ["the token has", { expires_at: NOW_S - 60 }, "token_expired"],
  ])("asks for a new sign-in once %s, though Facebook calls it valid", async (_what, part, reason) => {
    const error = await errorOf(renewed(pageReport(part)));
    expect(error).toMatchObject({ code: "token_expired", reason, needsReauth: true });
  });

  it("keeps a token about which nothing is known", async () => {
    const error = await errorOf(renewed({ status: 503, text: "<html>" }));
    expect(error).toMatchObject({ code: "transient", retryable: true, needsReauth: false });
  });
});
