import type { Call, Subject } from "../endpoint.ts";
import { jsonReply, type Reply } from "../http/reply.ts";
import { CODE_REFUSALS, type CodeRefusal } from "../facebook/code-refusals.ts";
import { graphError, traceId, type GraphFailure } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import { OAUTH_REFUSALS, oauthErrorWith, type OAuthRefusal } from "../meta/oauth-error.ts";
import { SimulatorError } from "../simulator-error.ts";
import { describeBusinessUsage, type Metered } from "../usage-limit.ts";
import type { World } from "../world.ts";
import type { FaultContext, FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";

const GRAPH_REASONS: Record<string, GraphFailure> = {
  unsupported_request: usualFailure(100, null),
  version_retired: {
    code: 2635,
    message:
      "(#2635) You are calling a deprecated version of the API. Please update to the latest version: v26.0.",
  },
  app_blocked: { code: 200, message: "API access blocked." },
  cannot_parse_token: {
    code: 190,
    message: "Invalid OAuth access token - Cannot parse access token",
  },
  could_not_decrypt: { code: 190, message: "The access token could not be decrypted" },
  client_secret: { code: 100, message: "Error validating client secret." },
};

/**
 * F13, F14, F16, F17, F23, F37: an error body by code and subcode, or by the `reason` it stands for. What a reason means
 * at Facebook's token endpoint it says in Facebook's words when Facebook is asked.
 */
export function graphErrorFault(settings: Settings): FaultEffect {
  const reason = settings.optionalText("reason");
  const code = settings.number("code", 1);
  const subcode = settings.optionalNumber("sub") ?? null;
  const message = settings.optionalText("message");
  const type = settings.optionalText("type");
  const fbtraceId = settings.optionalText("fbtrace_id");
  const status = settings.optionalNumber("status");
  const isTransient = settings.flag("is_transient", usualFailure(code, subcode).isTransient ?? false);
  const envelope = settings.oneOf(
    "envelope",
    ["graph", "oauth", "meta"],
    reason !== undefined && Object.hasOwn(OAUTH_REFUSALS, reason) ? "oauth" : "graph",
  );
  const isProcessed = settings.oneOf("point", ["before", "after"], "before") === "after";
  const usual = usualFor(reason, code, subcode);
  const atFacebook = isCodeRefusal(reason) ? CODE_REFUSALS[reason] : undefined;
  const changed = {
    isTransient,
    ...(message === undefined ? {} : { message }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(fbtraceId === undefined ? {} : { fbtraceId }),
  };
  return {
    isProcessed,
    replace({ world, flavour, subject }) {
      if (flavour === "fb" && atFacebook !== undefined) {
        return graphError(world, { ...atFacebook, ...changed }, subject.metered);
      }
      return inEnvelope(world, envelope, { ...usual, ...changed }, reason, subject);
    },
  };
}

function isCodeRefusal(reason: string | undefined): reason is CodeRefusal {
  return reason !== undefined && Object.hasOwn(CODE_REFUSALS, reason);
}

function usualFor(reason: string | undefined, code: number, subcode: number | null): GraphFailure {
  if (reason === undefined) return usualFailure(code, subcode);
  if (Object.hasOwn(OAUTH_REFUSALS, reason)) {
    return { code: 400, message: OAUTH_REFUSALS[reason as OAuthRefusal] };
  }
  const known = Object.hasOwn(GRAPH_REASONS, reason) ? GRAPH_REASONS[reason] : undefined;
  if (known !== undefined) return known;
  if (isCodeRefusal(reason)) return CODE_REFUSALS[reason];
  const reasons = { ...OAUTH_REFUSALS, ...GRAPH_REASONS, ...CODE_REFUSALS };
  const names = Object.keys(reasons).join(", ");
  throw new SimulatorError("invalid_input", `There is no such reason; there are: ${names}.`);
}

function inEnvelope(
  world: World,
  envelope: "graph" | "oauth" | "meta",
  failure: GraphFailure,
  reason: string | undefined,
  subject: Subject,
): Reply {
  const status = failure.status ?? 400;
  const refusal = reason ?? String(failure.code);
  if (envelope === "graph") return graphError(world, failure, subject.metered);
  if (envelope === "oauth") return oauthErrorWith(failure.message, refusal, status);
  const meta = {
    error_type: failure.type ?? "OAuthException",
    code: failure.code,
    error_message: failure.message,
  };
  return jsonReply(status, { meta }, refusal);
}

const HEAVY_USE = '{"call_count":100,"total_time":100,"total_cputime":100}';

/** Codes of the whole app's own limit, which X-App-Usage speaks of. */
const APP_CODES: readonly number[] = [4, 341];

const USUAL_MINUTES = 10;

/** Who is throttled when the request says nothing of an account. */
const NOBODY: Metered = { professionalId: "17841400000000000" };

/**
 * F15: a throttle with the headers that belong to its scope, or 429 with Retry-After. X-App-Usage has no room for
 * minutes: where they are given for a scope other than the account's they go into Retry-After.
 */
export function throttle(settings: Settings): FaultEffect {
  const code = settings.number("code", 4);
  const minutes = settings.optionalNumber("minutes");
  const scope = settings.oneOf(
    "scope",
    ["app", "account", "none"],
    APP_CODES.includes(code) ? "app" : "account",
  );
  const given = settings.optionalText("retry_after");
  const status = settings.number(
    "status",
    given === undefined ? (usualFailure(code, null).status ?? 400) : 429,
  );
  const ofMinutes = scope === "account" || minutes === undefined ? undefined : String(minutes * 60);
  const retryAfter = given ?? ofMinutes;
  return {
    isProcessed: false,
    replace({ world, subject }) {
      const headers: string[] = retryAfter === undefined ? [] : ["Retry-After", retryAfter];
      if (scope === "app") headers.push("X-App-Usage", HEAVY_USE);
      if (scope === "account") {
        const metered = subject.metered ?? NOBODY;
        const use = describeBusinessUsage(metered, 100, minutes ?? USUAL_MINUTES);
        headers.push("X-Business-Use-Case-Usage", use);
      }
      const reply = graphError(world, { ...usualFailure(code, null), status });
      const kept = scope === "app" ? withoutHeader(reply.headers, "X-App-Usage") : reply.headers;
      return { ...reply, headers: [...headers, ...kept] };
    },
  };
}

function withoutHeader(headers: readonly string[], name: string): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const [key = "", value = ""] = headers.slice(index, index + 2);
    if (key.toLowerCase() !== name.toLowerCase()) kept.push(key, value);
  }
  return kept;
}

/** F34: an error that repeats the presented token, code or secret in its text and headers. */
export function reflect(settings: Settings): FaultEffect {
  const what = settings.oneOf("what", ["presented", "secret"], "presented");
  const code = settings.number("code", 190);
  const status = settings.number("status", 400, { min: 200, max: 599 });
  return {
    isProcessed: false,
    replace({ world, call, subject }) {
      const echoed =
        what === "secret" ? presentedSecret(call) : (subject.presentedToken ?? subject.presentedCode);
      const message = `Malformed access token ${echoed ?? ""}`;
      const headers = [
        "WWW-Authenticate",
        `OAuth "Facebook Platform" "invalid_token" "${headerSafe(message)}"`,
      ];
      return graphError(
        world,
        { status, code, message, headers, fbtraceId: traceId(world) },
        subject.metered,
      );
    },
  };
}

function presentedSecret(call: Call): string | undefined {
  return call.query.get("client_secret") ?? call.form.get("client_secret") ?? undefined;
}

/** Node refuses to send control characters in a header. */
function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/** F17: consent given in part (at `authorize` or `code`), or withdrawn later (at any other endpoint). */
export function grant(settings: Settings): FaultEffect {
  const permissions = settings.texts("scopes");
  return {
    appliesTo: ({ method, path }) => method === "POST" || !/\/oauth\/authorize$|\/dialog\/oauth$/.test(path),
    prepare({ world, call, subject }: FaultContext) {
      call.grantedInstead = permissions;
      if (subject.code !== undefined) world.codes.regrant(subject.code, permissions);
      if (subject.token !== undefined) world.tokens.regrant(subject.token, permissions);
    },
  };
}
