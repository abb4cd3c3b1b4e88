import type { Reply } from "../http/reply.ts";
import { errorPage } from "../pages/error-page.ts";
import type { World } from "../world.ts";
import { LOGIN_CONFIGURATIONS, type LoginConfiguration } from "./login-configurations.ts";
import { judgeScopes, type ScopeVerdict } from "./scopes.ts";

/** A dialog request that passed every check. */
export type DialogRequest = {
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  /** The business login configuration that was named in place of scopes. */
  configuration: LoginConfiguration | undefined;
  /** Null when the app sent none; then none comes back. */
  state: string | null;
  /** Whether scopes that were declined before are asked for again (`auth_type=rerequest`). */
  isRerequest: boolean;
  /** Whether the answer names what was granted and denied (`return_scopes=true`). */
  areScopesReturned: boolean;
};

/** Reads the request, or gives the page on which Facebook would leave the person standing. */
export function readDialogRequest(
  world: World,
  parameters: URLSearchParams,
): { request: DialogRequest } | { refusal: Reply } {
  const clientId = parameters.get("client_id") ?? "";
  const redirectUri = parameters.get("redirect_uri") ?? "";
  const refusal =
    refuseClient(world, clientId) ??
    refuseRedirect(world, redirectUri) ??
    refuseResponseType(parameters.get("response_type") ?? "code");
  if (refusal !== undefined) return { refusal };
  const wanted = readWanted(parameters);
  if ("refusal" in wanted) return wanted;
  const request = {
    ...wanted,
    clientId,
    redirectUri,
    state: parameters.get("state"),
    isRerequest: parameters.get("auth_type") === "rerequest",
    areScopesReturned: parameters.get("return_scopes") === "true",
  };
  return { request };
}

function refuseClient(world: World, clientId: string): Reply | undefined {
  if (clientId === world.facebook.app.clientId) return undefined;
  const why =
    clientId === world.instagramApp.clientId
      ? "client_id is the Instagram app's id. Facebook Login takes the Meta app's own, under Settings > Basic."
      : "client_id is not the Meta app's id. Meta shows two pairs of id and secret; Facebook Login takes the one under Settings > Basic.";
  return refuse("Invalid App ID", why, "invalid_app_id");
}

function refuseRedirect(world: World, redirectUri: string): Reply | undefined {
  if (URL.parse(redirectUri) === null) {
    const why = "redirect_uri has to be a whole address, encoded exactly once.";
    return refuse("redirect_uri isn't an absolute URI. Check RFC 3986.", why, "redirect_uri_not_absolute");
  }
  if (world.facebook.redirects.includes(redirectUri)) return undefined;
  return refuse(
    "URL blocked",
    "redirect_uri has to be one of the registered addresses, byte for byte: scheme, host, port, path, trailing slash.",
    "redirect_uri_not_registered",
  );
}

function refuseResponseType(responseType: string): Reply | undefined {
  if (responseType === "code") return undefined;
  return refuse("Invalid response_type", 'response_type has to be "code" here.', "invalid_response_type");
}

/** A `config_id` takes the place of scopes. */
function readWanted(
  parameters: URLSearchParams,
): Pick<DialogRequest, "scopes" | "configuration"> | { refusal: Reply } {
  const configId = parameters.get("config_id");
  if (configId !== null) {
    const configuration = LOGIN_CONFIGURATIONS.find(({ id }) => id === configId);
    if (configuration !== undefined) return { configuration, scopes: configuration.scopes };
    const why = "config_id names no configuration of this app's Facebook Login for Business.";
    return { refusal: refuse("Invalid configuration", why, "invalid_config_id") };
  }
  const verdict = judgeScopes(parameters.get("scope") ?? "");
  if (verdict.kind === "fine") return { configuration: undefined, scopes: verdict.scopes };
  return { refusal: refuseScopes(verdict) };
}

function refuseScopes({ kind, names }: Exclude<ScopeVerdict, { kind: "fine" }>): Reply {
  const why = {
    mixed_families:
      "instagram_business_* scopes belong to Instagram Login. The two families are mutually exclusive: Facebook Login takes instagram_basic and its like.",
    retired: "These names are out of service.",
    invalid: "Facebook Login knows no scopes of these names.",
  };
  const refusal = { mixed_families: "mixed_scopes", retired: "retired_scope", invalid: "invalid_scope" };
  return refuse(`Invalid Scopes: ${names.join(", ")}`, why[kind], refusal[kind]);
}

function refuse(title: string, explanation: string, refusal: string): Reply {
  return errorPage(400, title, explanation, refusal, "Facebook");
}
