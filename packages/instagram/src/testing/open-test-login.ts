import type { InstagramCall } from "../client.ts";
import { InstagramError } from "../errors.ts";
import { createFacebookLogin } from "../facebook/facebook-login.ts";
import { createInstagramLogin } from "../instagram-login.ts";
import type { FacebookLogin, InstagramLogin } from "../login.ts";
import { TransportError } from "../transport-error.ts";
import type { Transport, TransportRequest, TransportResponse } from "../transport.ts";

/** An answer in short: JSON is printed, text goes out as it is, an error is thrown. */
export type TestAnswer =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { status?: number; headers?: Record<string, string>; text: string }
  | Error;

export const TEST_APP = { clientId: "990001112223334", clientSecret: "SIMSEC_abcdefghijklmnop" };
export const TEST_TOKEN = { value: "SIMTOK_qrstuvwxyz0123456789" };
export const TEST_ACCOUNT_ID = "17841400000000123";
export const TEST_NOW = new Date("2026-06-01T12:00:00Z");

/** Answers in the order of the requests, or by request. */
export type TestAnswers =
  | readonly TestAnswer[]
  | ((request: TransportRequest) => TestAnswer | Promise<TestAnswer>);

/** An Instagram Login whose transport answers from a list or a function, with everything that was sent and reported. */
export function openTestLogin(
  answers: TestAnswers,
  now: () => Date = () => TEST_NOW,
  onClockSkew: (skewMs: number) => void = () => {},
): { login: InstagramLogin; requests: TransportRequest[]; calls: InstagramCall[] } {
  const { options, requests, calls } = recordedOptions(answers, now);
  return { login: createInstagramLogin({ ...options, onClockSkew }), requests, calls };
}

/** The same for Facebook Login. */
export function openTestFacebookLogin(
  answers: TestAnswers,
  now: () => Date = () => TEST_NOW,
): { login: FacebookLogin; requests: TransportRequest[]; calls: InstagramCall[] } {
  const { options, requests, calls } = recordedOptions(answers, now);
  return { login: createFacebookLogin(options), requests, calls };
}

function recordedOptions(answers: TestAnswers, now: () => Date) {
  const requests: TransportRequest[] = [];
  const calls: InstagramCall[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const answer = typeof answers === "function" ? await answers(request) : answers[requests.length - 1];
    if (answer === undefined) throw new Error("The test has no further answer.");
    if (answer instanceof Error) throw answer;
    return responseOf(answer);
  };
  const onCall = (call: InstagramCall): void => void calls.push(call);
  return { options: { app: TEST_APP, now, onCall, transport }, requests, calls };
}

function responseOf(answer: Exclude<TestAnswer, Error>): TransportResponse {
  const { status = 200, headers = {} } = answer;
  return { status, headers, body: "json" in answer ? JSON.stringify(answer.json) : answer.text };
}

/** The InstagramError a promise fails with; any other end is a failed test. */
export async function errorOf(promise: Promise<unknown>): Promise<InstagramError> {
  const end = await promise.then(
    () => new Error("It did not fail."),
    (error: unknown) => error,
  );
  if (end instanceof InstagramError) return end;
  throw end;
}

/** The TransportError a promise fails with; any other end is a failed test. */
export async function transportErrorOf(promise: Promise<unknown>): Promise<TransportError> {
  const end = await promise.then(
    () => new Error("It did not fail."),
    (error: unknown) => error,
  );
  if (end instanceof TransportError) return end;
  throw end;
}

/** Everything an error shows to a log: message, stack, causes, every property. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  const own = Object.getOwnPropertyNames(error).map((name) => `${name}=${String(Reflect.get(error, name))}`);
  return [...own, error.cause === undefined ? "" : everythingIn(error.cause)].join("\n");
}
