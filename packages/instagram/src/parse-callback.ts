/** What the redirect brought back. Nothing in it is trusted before its `state` has been checked. */
export type CallbackResult =
  | { kind: "code"; code: string; state: string }
  | {
      kind: "refused";
      state: string | null;
      /**
       * Facebook also says `user_denied` where the app's mode or permissions keep the person out, and
       * `app_in_development` where it lets nobody in who has no role in the app.
       */
      reason: "user_denied" | "app_in_development" | "other";
      /** The provider's word for it; may be empty. */
      error: string;
      description: string | null;
    }
  | { kind: "damaged"; state: string | null; problem: CallbackProblem };

/** What is wrong with a redirect that says neither yes nor no. */
export type CallbackProblem =
  | "missing_code"
  | "missing_state"
  | "repeated_parameter"
  | "too_long"
  | "malformed";

const MAX_INPUT_LENGTH = 16_384;

/** The parameters that count, with the longest value each may have. All others are ignored. */
const MAX_LENGTHS = {
  code: 2048,
  state: 1024,
  error: 256,
  error_reason: 256,
  error_code: 64,
  error_description: 2048,
  error_message: 2048,
} as const;

type Parameter = keyof typeof MAX_LENGTHS;
const PARAMETERS = Object.keys(MAX_LENGTHS) as Parameter[];

/**
 * Reads the redirect Instagram or Facebook sent a browser back with: a whole address, a path, a query, or its
 * parameters. The `#_` Instagram appends is dropped, and so is Facebook's `#_=_`, also where it was pasted by
 * hand behind the code.
 * A redirect with both a code and an error is a refusal. Never throws.
 *
 * @see https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function parseCallback(input: string | URL | URLSearchParams): CallbackResult {
  const text = String(input);
  if (text.length > MAX_INPUT_LENGTH) return damaged("too_long", null);
  const parameters = new URLSearchParams(queryOf(text));
  const states = parameters.getAll("state");
  const state = states.length === 1 && states[0] !== "" ? (states[0] ?? null) : null;
  const problem = problemOf(parameters);
  if (problem !== null) return damaged(problem, isSound("state", state) ? state : null);

  const value = (name: Parameter): string | null => parameters.get(name);
  if (REFUSALS.some((name) => parameters.has(name))) {
    const error = value("error") ?? value("error_code") ?? "";
    return {
      kind: "refused",
      state,
      reason: REFUSAL_REASONS.get(value("error_reason") ?? error) ?? "other",
      error,
      description: value("error_description") ?? value("error_message"),
    };
  }
  const code = withoutFragment(value("code") ?? "");
  if (code === "") return damaged("missing_code", state);
  if (!/^[\x21-\x7e]+$/.test(code) || code.includes("%")) return damaged("malformed", state);
  return state === null ? damaged("missing_state", null) : { kind: "code", code, state };
}

/** An authorization code without the `#_` (Facebook: `#_=_`) that is no part of it. */
export function withoutFragment(code: string): string {
  return code.replace(/#_(?:=_)?$/, "");
}

/** Any of these makes it a refusal, even with an empty value and beside a code. */
const REFUSALS = ["error", "error_reason", "error_code", "error_message"] as const;

/** By `error_reason`, `error` or `error_code`, the first there is. */
const REFUSAL_REASONS: ReadonlyMap<string, "user_denied" | "app_in_development"> = new Map([
  ["user_denied", "user_denied"],
  ["access_denied", "user_denied"],
  ["200", "user_denied"],
  ["901", "app_in_development"],
] as const);

function queryOf(text: string): string {
  const unfragmented = text.replaceAll(/#_(?:=_)?(?=&|$)/g, ""); // also in the middle, when pasted by hand
  const hash = unfragmented.indexOf("#");
  const address = hash === -1 ? unfragmented : unfragmented.slice(0, hash);
  return address.slice(address.indexOf("?") + 1);
}

function problemOf(parameters: URLSearchParams): CallbackProblem | null {
  for (const name of PARAMETERS) {
    const values = parameters.getAll(name);
    if (values.length > 1) return "repeated_parameter";
    const value = values[0] ?? null;
    if (value !== null && value.length > MAX_LENGTHS[name]) return "too_long";
    if (!isSound(name, value)) return "malformed";
  }
  return null;
}

/** Free of control characters and of bytes that are no UTF-8, and no longer than it may be. */
function isSound(name: Parameter, value: string | null): boolean {
  return value === null || (value.length <= MAX_LENGTHS[name] && !/[\p{Cc}\uFFFD]/u.test(value));
}

function damaged(problem: CallbackProblem, state: string | null): CallbackResult {
  return { kind: "damaged", state, problem };
}
