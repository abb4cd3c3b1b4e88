import type { Call, Endpoint, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, graphReply, type GraphFailure } from "../meta/graph-reply.ts";
import { idJson } from "../meta/id-json.ts";
import { usualFailure } from "../meta/messages.ts";
import { CANNOT_PARSE, unsupported } from "../meta/token-refusal.ts";
import type { TokenRecord } from "../token-record.ts";
import type { World } from "../world.ts";
import { checkUserToken, identifyByToken, readAppToken, requireApp, type Access } from "./access.ts";
import { granularScopes } from "./granular-scopes.ts";
import { parameterOf } from "./parameter.ts";
import type { FacebookPerson } from "./person.ts";

export const APP_NAME = "Perennial (simulated)";

/** `GET /debug_token`: what a token is, whoever it belongs to and whether it works. */
export const debugToken: Endpoint = {
  at: "debug",
  flavour: "fb",
  identify(world, call) {
    const asking = identifyByToken(world, call);
    const inspected = parameterOf(call, "input_token") ?? "";
    if (inspected === "") return asking;
    const token = world.facebook.tokens.find(inspected);
    return token === undefined
      ? { presentedToken: inspected }
      : { presentedToken: inspected, token, user: token.lineage.user };
  },
  process(world, call) {
    if (call.method !== "GET") return graphError(world, unsupported(call));
    if (!world.usage.admit()) return graphError(world, usualFailure(4, null));
    const asking = whoAsks(world, call);
    if ("refusal" in asking) return asking.refusal;
    const inspected = parameterOf(call, "input_token") ?? "";
    if (inspected === "") {
      return graphError(world, { code: 100, message: "(#100) The parameter input_token is required" });
    }
    return inspect(world, asking.appId, inspected);
  },
};

const NOT_ENTITLED: GraphFailure = {
  code: 100,
  message:
    "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app",
};

/** An app asks with its own token, or one of its administrators or developers does. */
function whoAsks(world: World, call: Call): { appId: string } | { refusal: Reply } {
  const subject: Subject = identifyByToken(world, call);
  if (subject.token === undefined) {
    const asking = requireApp(world, call, subject);
    return "refusal" in asking ? asking : { appId: asking.app.clientId };
  }
  const checked = checkUserToken(world, subject.presentedToken ?? "");
  if ("failure" in checked) return { refusal: graphError(world, checked.failure) };
  const { token, person } = checked;
  const isEntitled =
    token.pageId === null && (person.appRole === "administrators" || person.appRole === "developers");
  return isEntitled ? { appId: token.lineage.appId } : { refusal: graphError(world, NOT_ENTITLED) };
}

function inspect(world: World, appId: string, inspected: string): Reply {
  const app = readAppToken(world, inspected);
  if (app !== undefined) {
    if (app.clientId !== appId) return graphError(world, NOT_ENTITLED);
    return reply(world, [...appFields(world, appId, "APP"), ["is_valid", "true"], ["scopes", "[]"]]);
  }
  const token = world.facebook.tokens.find(inspected);
  if (token !== undefined && token.lineage.appId !== appId) return graphError(world, NOT_ENTITLED);
  const checked = checkUserToken(world, inspected);
  if (token !== undefined) return describe(world, token, checked);
  const error = "failure" in checked ? checked.failure : CANNOT_PARSE;
  return reply(world, [
    ["error", errorJson(error)],
    ["is_valid", "false"],
    ["scopes", "[]"],
  ]);
}

function describe(
  world: World,
  token: TokenRecord<FacebookPerson>,
  checked: ReturnType<typeof checkUserToken>,
): Reply {
  const fields = appFields(world, token.lineage.appId, typeOf(token));
  const dataAccessEndsAtMs = dataAccessEnd(world, token);
  if (dataAccessEndsAtMs !== undefined) {
    fields.push(["data_access_expires_at", String(secondsOf(dataAccessEndsAtMs))]);
  }
  const isValid = !("failure" in checked);
  if (!isValid) fields.push(["error", errorJson(checked.failure)]);
  fields.push(["expires_at", String(secondsOf(token.expiresAtMs))], ["is_valid", String(isValid)]);
  if (isLongLived(token)) fields.push(["issued_at", String(secondsOf(token.issuedAtMs))]);
  if (token.pageId !== null) fields.push(["profile_id", idOf(world, token.pageId)]);
  fields.push(["scopes", JSON.stringify(token.permissions)]);
  if (isValid) fields.push(["granular_scopes", granularJson(world, checked)]);
  fields.push(["user_id", idOf(world, userIdOf(token))]);
  return reply(world, fields);
}

type Fields = [name: string, json: string][];

function reply(world: World, fields: Fields): Reply {
  const data = fields.map(([name, json]) => `"${name}":${json}`).join(",");
  return graphReply(world, undefined, `{"data":{${data}}}`);
}

function appFields(world: World, appId: string, type: string): Fields {
  return [
    ["app_id", idOf(world, appId)],
    ["type", `"${type}"`],
    ["application", JSON.stringify(APP_NAME)],
  ];
}

/** Here the subcode is called `subcode`. */
function errorJson({ code, subcode = null, message }: GraphFailure): string {
  return JSON.stringify({ code, message, ...(subcode === null ? {} : { subcode }) });
}

function granularJson(world: World, access: Access): string {
  const scopes = granularScopes(world, access).map(({ scope, targetIds }) => {
    const targets = targetIds?.map((id) => idOf(world, id)).join(",");
    return `{"scope":"${scope}"${targets === undefined ? "" : `,"target_ids":[${targets}]`}}`;
  });
  return `[${scopes.join(",")}]`;
}

function idOf(world: World, id: string): string {
  return idJson(id, world.policy.current.fb_id_as);
}

function typeOf({ kind }: TokenRecord): "USER" | "PAGE" | "SYSTEM_USER" {
  if (kind === "page") return "PAGE";
  return kind === "system_user" ? "SYSTEM_USER" : "USER";
}

function userIdOf({ kind, lineage: { user } }: TokenRecord<FacebookPerson>): string {
  return kind === "system_user" ? user.systemUserId : user.appScopedId;
}

/** Short-lived tokens, and the Page tokens that end with them, do not say when they were issued. */
function isLongLived({ kind, expiresAtMs }: TokenRecord): boolean {
  return kind === "long_lived" || !Number.isFinite(expiresAtMs);
}

/** Unix seconds; 0 where there is no end. */
function secondsOf(ms: number): number {
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : 0;
}

/** Infinite for a system user's; unknown once the person's settings have forgotten the app. */
function dataAccessEnd(world: World, token: TokenRecord<FacebookPerson>): number | undefined {
  if (token.kind === "system_user") return Number.POSITIVE_INFINITY;
  const { user, appId } = token.lineage;
  return world.facebook.consents.find(user, appId)?.dataAccessEndsAtMs;
}
