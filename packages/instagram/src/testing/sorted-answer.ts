import type { InstagramErrorCode } from "../error-codes.ts";
import type { Login } from "../login.ts";
import { TEST_ACCOUNT_ID, TEST_NOW, TEST_TOKEN, type TestAnswer } from "./open-test-login.ts";

/** A call whose answer is to be sorted. */
export type Ask = (login: Login) => Promise<unknown>;

/** What an upstream answer must be taken for. */
export type SortedAnswer = [
  what: string,
  ask: Ask,
  answer: TestAnswer,
  code: InstagramErrorCode,
  flags: "retry" | "reauth" | "neither",
];

/** An exchange of a code. */
export const exchange: Ask = (login) =>
  login.exchangeCode({ code: "SIMCODE_0123456789", redirectUri: "https://app.example.com/cb" });
/** An exchange for a long-lived token. */
export const lengthen: Ask = (login) => login.exchangeForLongLivedToken(TEST_TOKEN);
/** A refresh. */
export const refresh: Ask = (login) => login.refreshLongLivedToken(TEST_TOKEN);
/** A refresh of a token that is known to be too young for one. */
export const refreshYoung: Ask = (login) =>
  login.refreshLongLivedToken({ ...TEST_TOKEN, issuedAt: TEST_NOW });
/** A read. */
export const media: Ask = (login) => login.fetchRecentMedia(TEST_TOKEN, TEST_ACCOUNT_ID);
