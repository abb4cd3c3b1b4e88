import type { InstagramCall } from "../client.ts";
import { InstagramError } from "../errors.ts";
import { createInstagramLogin, type InstagramLogin } from "../instagram-login.ts";
import { TransportError } from "../transport-error.ts";
import type { TransportRequest, TransportResponse } from "../transport.ts";

/** An answer in short: JSON is printed, text goes out as it is, an error is thrown. */
export type TestAnswer =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { status?: number; headers?: Record<string, string>; text: string }
  | Error;

export const TEST_APP = { clientId: "990001112223334", clientSecret: "SIMSEC_abcdefghijklmnop" };
export const TEST_TOKEN = { value: "SIMTOK_qrstuvwxyz0123456789" };
export const TEST_NOW = new Date("2026-06-01T12:00:00Z");

/** A login whose transport answers from a list or a function, with everything that was sent and reported. */
export function openTestLogin(
  answers: readonly TestAnswer[] | ((request: TransportRequest) => TestAnswer),
  now: () => Date = () => TEST_NOW,
  onClockSkew: (skewMs: number) => void = () => {},
): { login: InstagramLogin; requests: TransportRequest[]; calls: InstagramCall[] } {
  const requests: TransportRequest[] = [];
  const calls: InstagramCall[] = [];
  const login = createInstagramLogin({
    app: TEST_APP,
    now,
    onCall: (call) => calls.push(call),
    onClockSkew,
    transport: async (request) => {
      requests.push(request);
      const answer = typeof answers === "function" ? answers(request) : answers[requests.length - 1];
      if (answer === undefined) throw new Error("The test has no further answer.");
      if (answer instanceof Error) throw answer;
      return responseOf(answer);
    },
  });
  return { login, requests, calls };
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
