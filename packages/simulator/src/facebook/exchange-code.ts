import type { AuthorizationCode } from "../authorization-codes.ts";
import type { Call, Endpoint } from "../endpoint.ts";
import { graphError } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import { unsupported } from "../meta/token-refusal.ts";
import type { World } from "../world.ts";
import { refuseClient } from "./client.ts";
import { CODE_REFUSALS, type CodeRefusal } from "./code-refusals.ts";
import { parameterOf } from "./parameter.ts";
import type { FacebookPerson } from "./person.ts";
import { issueUserToken, tokenReply } from "./tokens.ts";

/** `GET` or `POST /oauth/access_token` with a code: an authorization code for a token. */
export const exchangeCode: Endpoint = {
  at: "code",
  flavour: "fb",
  identify(world, call) {
    const presentedCode = parameterOf(call, "code") ?? "";
    if (presentedCode === "") return {};
    const code = findCode(world, call);
    return code === undefined ? { presentedCode } : { presentedCode, code, user: code.user };
  },
  process(world, call) {
    if (!["GET", "POST"].includes(call.method)) return graphError(world, unsupported(call));
    const code = findCode(world, call);
    const refusal = refuseClient(world, call) ?? refuseCall(call) ?? refuseCode(world, call, code);
    if (refusal !== undefined) return graphError(world, CODE_REFUSALS[refusal]);
    if (code === undefined) return graphError(world, CODE_REFUSALS.code_unknown);
    const { tokens, codes, consents } = world.facebook;
    codes.spend(code);
    if (consents.find(code.user, code.clientId) === undefined) {
      return graphError(world, usualFailure(190, 458, code.clientId)); // removed between dialog and exchange
    }
    const lineage = tokens.lineageOf(code.clientId, code.user);
    return tokenReply(world, issueUserToken(world, lineage, code.tokenKind, code.permissions, "code"));
  },
};

/** A code of another app is none, nor is one of the app that was registered here before a restart. */
function findCode(world: World, call: Call): AuthorizationCode<FacebookPerson> | undefined {
  const code = world.facebook.codes.find(parameterOf(call, "code") ?? "");
  return code?.clientId === parameterOf(call, "client_id") ? code : undefined;
}

function refuseCall(call: Call): CodeRefusal | undefined {
  const grantType = parameterOf(call, "grant_type") ?? "authorization_code";
  if (grantType !== "authorization_code") return "invalid_grant_type";
  const redirectUri = parameterOf(call, "redirect_uri") ?? "";
  if (redirectUri === "") return "missing_redirect_uri";
  if (URL.parse(redirectUri) === null) return "redirect_uri_not_absolute";
  return (parameterOf(call, "code") ?? "") === "" ? "missing_code" : undefined;
}

function refuseCode(
  world: World,
  call: Call,
  code: AuthorizationCode<FacebookPerson> | undefined,
): CodeRefusal | undefined {
  if (code === undefined) return "code_unknown";
  if (code.isUsed) return "code_used";
  const lifetimeMs = world.policy.current.fb_code_lifetime_s * 1000;
  if (world.clock.nowMs() >= code.issuedAtMs + lifetimeMs) return "code_expired";
  return parameterOf(call, "redirect_uri") === code.redirectUri ? undefined : "redirect_uri_mismatch";
}
