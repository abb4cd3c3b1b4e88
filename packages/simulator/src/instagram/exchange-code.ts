import type { AuthorizationCode } from "../authorization-codes.ts";
import type { Call, Endpoint } from "../endpoint.ts";
import { JSON_TYPE, type Reply } from "../http/reply.ts";
import { idJson } from "../meta/id-json.ts";
import { oauthError, type OAuthRefusal } from "../meta/oauth-error.ts";
import { standing, type SimulatedUser } from "../people.ts";
import type { TokenRecord } from "../token-record.ts";
import type { World } from "../world.ts";

/** `POST /oauth/access_token`: an authorization code for a short-lived token. */
export const exchangeCode: Endpoint = {
  at: "code",
  flavour: "ig",
  identify(world, call) {
    const presentedCode = call.form.get("code") ?? "";
    if (presentedCode === "") return {};
    const code = findCode(world, presentedCode);
    return code === undefined
      ? { presentedCode }
      : { presentedCode, code, user: code.user, metered: code.user };
  },
  process(world, call) {
    const code = findCode(world, call.form.get("code") ?? "");
    const refusal = refuseCall(world, call) ?? refuseCode(world, call, code);
    if (refusal !== undefined) return oauthError(refusal, refusal === "method_not_allowed" ? 405 : 400);
    if (code === undefined) return oauthError("code_unknown");
    world.codes.spend(code);
    const token = world.tokens.issue(world.tokens.lineageOf(code.clientId, code.user), {
      kind: "short_lived",
      source: "code",
      permissions: code.permissions,
      issuedAtMs: world.clock.nowMs(),
      lifetimeS: world.policy.current.short_lifetime_s,
    });
    return granted(world, code, token);
  },
};

/**
 * A code that was pasted with the `#_` of its redirect is unknown, as the real one's would be. So is one of another
 * app: of the one that was registered here when a state file was written.
 */
function findCode(world: World, presented: string): AuthorizationCode<SimulatedUser> | undefined {
  const code = world.codes.find(presented);
  return code?.clientId === world.instagramApp.clientId ? code : undefined;
}

function refuseCall(world: World, { method, form }: Call): OAuthRefusal | undefined {
  if (method !== "POST") return "method_not_allowed";
  if (!form.get("client_id")) return "missing_client_id";
  if (form.get("client_id") !== world.instagramApp.clientId) return "invalid_platform_app";
  if (form.get("grant_type") !== "authorization_code") return "invalid_grant_type";
  if (!form.get("client_secret")) return "missing_client_secret";
  if (!form.get("redirect_uri")) return "missing_redirect_uri";
  return form.get("code") ? undefined : "missing_code";
}

/** The code is looked at first, then what else came with it: a made-up code says nothing about the secret. */
function refuseCode(
  world: World,
  { form }: Call,
  code: AuthorizationCode<SimulatedUser> | undefined,
): OAuthRefusal | undefined {
  const { code_lifetime_s: lifetimeS, app_mode: appMode, refuse_at: refuseAt } = world.policy.current;
  if (code === undefined) return "code_unknown";
  if (code.isUsed) return "code_used";
  if (world.clock.nowMs() >= code.issuedAtMs + lifetimeS * 1000) return "code_expired";
  if (form.get("redirect_uri") !== code.redirectUri) return "redirect_uri_mismatch";
  if (form.get("client_secret") !== world.instagramApp.clientSecret) return "invalid_client_secret";
  if (refuseAt === "graph" || standing(code.user, appMode) === undefined) return undefined;
  return code.user.accountType === "PERSONAL" ? "not_professional" : "insufficient_developer_role";
}

function granted(world: World, code: AuthorizationCode<SimulatedUser>, token: TokenRecord): Reply {
  const { shape, id_as: idAs } = world.policy.current;
  // the documentation's shape comes with the documentation's strings
  const isDocs = shape === "docs";
  const userId = idJson(code.user.appScopedId, isDocs ? "string" : idAs);
  const permissions = JSON.stringify(isDocs ? code.permissions.join(",") : code.permissions);
  const body = `{"access_token":"${token.value}","user_id":${userId},"permissions":${permissions}}`;
  return {
    status: 200,
    contentType: JSON_TYPE,
    headers: ["Cache-Control", "no-store"],
    body: shape === "flat" ? body : `{"data":[${body}]}`,
    issued: token,
  };
}
