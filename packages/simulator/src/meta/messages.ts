import type { GraphFailure } from "./graph-reply.ts";

/** How Graph words its codes, as Meta's pages on errors and rate limits list them. */
const BY_CODE: Record<number, Omit<GraphFailure, "code">> = {
  1: { status: 500, message: "An unknown error has occurred." },
  2: {
    status: 500,
    message: "An unexpected error has occurred. Please retry your request later.",
    isTransient: true,
  },
  3: { message: "(#3) Application does not have the capability to make this API call." },
  4: { status: 403, message: "(#4) Application request limit reached", isTransient: true },
  10: { status: 403, message: "(#10) Application does not have permission for this action" },
  17: { status: 400, message: "(#17) User request limit reached", isTransient: true },
  32: { status: 403, message: "(#32) Page request limit reached", isTransient: true },
  100: { message: "Unsupported request - method type: get", type: "IGApiException" },
  104: { message: "An access token is required to request this resource." },
  101: {
    message: "Error validating application. Cannot get application info due to a system error.",
  },
  102: { message: "Session key invalid or no longer valid", subcode: null },
  200: { status: 403, message: "(#200) Permissions error" },
  341: { message: "(#341) Feed action request limit reached" },
  368: { message: "The action attempted has been deemed abusive or is otherwise disallowed" },
  452: {
    message:
      "Session key invalid. This could be because the session key has an incorrect format, or because the user has revoked this session",
  },
  613: { status: 400, message: "(#613) Calls to this api have exceeded the rate limit." },
  803: { status: 404, message: "(#803) Some of the aliases you requested do not exist: unknown" },
  2500: { message: "An active access token must be used to query information about the current user." },
  80001: {
    status: 400,
    message:
      "(#80001) There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
  },
  80002: {
    status: 400,
    message:
      "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
  },
};

const PREFIX = "Error validating access token: ";

/** How Graph words the subcodes of 190, as Meta's page on errors lists them. 463 is worded where the dates are known. */
const BY_SUBCODE: Record<number, string> = {
  458: `${PREFIX}The user has not authorized application APP_ID.`,
  459: `${PREFIX}You cannot access the app till you log in to www.facebook.com and follow the instructions given.`,
  460: `${PREFIX}The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.`,
  463: `${PREFIX}Session has expired on Thursday, 01-Jan-26 00:00:00 PST. The current time is Thursday, 01-Jan-26 00:00:01 PST.`,
  464: `${PREFIX}Sessions for the user are not allowed because the user is not a confirmed user.`,
  467: `${PREFIX}The session is invalid because the user logged out.`,
  492: `${PREFIX}Session does not match current stored session. The user is not an administrator of the page.`,
  493: "The access token is invalid since the user hasn't engaged the app in longer than 90 days.",
};

/** Graph's usual wording and HTTP status for a code and subcode. Only the text of 190/458 names the app. */
export function usualFailure(code: number, subcode: number | null, appId = "990000000000001"): GraphFailure {
  if (code === 190 || (code === 102 && subcode !== null)) {
    const message = subcode === null ? undefined : BY_SUBCODE[subcode]?.replace("APP_ID", appId);
    return { code, subcode, message: message ?? "Invalid OAuth access token." };
  }
  const usual = BY_CODE[code] ?? { message: `(#${code}) An unknown error occurred` };
  return { ...usual, code, subcode };
}

/** The text of an expired session. Meta writes such dates in Pacific time. */
export function expiredMessage(expiredAtMs: number, nowMs: number): string {
  return `${PREFIX}Session has expired on ${pacific(expiredAtMs)}. The current time is ${pacific(nowMs)}.`;
}

let pacificFormat: Intl.DateTimeFormat | undefined;

function pacific(ms: number): string {
  pacificFormat ??= new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    hourCycle: "h23",
    weekday: "long",
    day: "2-digit",
    month: "short",
    year: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
  const part = Object.fromEntries(pacificFormat.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part["weekday"]}, ${part["day"]}-${part["month"]}-${part["year"]} ${part["hour"]}:${part["minute"]}:${part["second"]} ${part["timeZoneName"]}`;
}
