import { FACEBOOK_ANSWERS as OF_FACEBOOK } from "./facebook-answers.ts";
import { GRAPH_ANSWERS } from "./graph-answers.ts";
import { errorOf, openTestFacebookLogin, openTestLogin } from "./open-test-login.ts";
import { PLAIN_ANSWERS } from "./plain-answers.ts";
import type { InstagramError } from "../errors.ts";
import type { SortedAnswer } from "./sorted-answer.ts";

/** An answer of Meta's, what it must be taken for, and what it is taken for. */
export type UpstreamAnswer = {
  login: "instagram" | "facebook";
  what: string;
  code: SortedAnswer[3];
  flags: SortedAnswer[4];
  /** Makes the call that is answered so. */
  ask(): Promise<InstagramError>;
};

const answerOf =
  (login: UpstreamAnswer["login"], open: typeof openTestLogin | typeof openTestFacebookLogin) =>
  ([what, ask, answer, code, flags]: SortedAnswer): UpstreamAnswer => ({
    login,
    what,
    code,
    flags,
    ask: () => errorOf(ask(open(() => answer).login)),
  });

/** Every answer that the tests of both logins know. */
export const UPSTREAM_ANSWERS: readonly UpstreamAnswer[] = [
  ...[...PLAIN_ANSWERS, ...GRAPH_ANSWERS].map(answerOf("instagram", openTestLogin)),
  ...OF_FACEBOOK.map(answerOf("facebook", openTestFacebookLogin)),
];
