import { jsonReply, type Reply } from "../http/reply.ts";
import { errorPage } from "../pages/error-page.ts";
import type { World } from "../world.ts";
import { judgeScopes } from "./scopes.ts";

/** An authorization request that passed every check of the authorize page. */
export type AuthorizationRequest = {
  clientId: string;
  redirectUri: string;
  scopes: string[];
  /** Null when the app sent none; then none comes back. */
  state: string | null;
  isReauthForced: boolean;
};

/** Reads the request, or gives the page on which Instagram would leave the person standing. */
export function readAuthorizationRequest(
  world: World,
  parameters: URLSearchParams,
): { request: AuthorizationRequest } | { refusal: Reply } {
  const clientId = parameters.get("client_id") ?? "";
  const redirectUri = parameters.get("redirect_uri") ?? "";
  if (clientId !== world.instagramApp.clientId) {
    return refuse(
      "Invalid platform app",
      "client_id is not the Instagram app's id. Meta shows two pairs of id and secret; Instagram Login takes the one under Instagram > API setup with Instagram login.",
      "invalid_platform_app",
    );
  }
  if (!world.redirects.includes(redirectUri)) {
    return refuse(
      "Invalid redirect_uri",
      "redirect_uri has to be one of the registered addresses, byte for byte: scheme, host, port, path, trailing slash.",
      "redirect_uri_not_registered",
    );
  }
  if (parameters.get("response_type") !== "code") {
    return refuse("Invalid response_type", 'response_type has to be "code".', "invalid_response_type");
  }
  const verdict = judgeScopes(parameters.get("scope") ?? "");
  if (verdict.kind === "mixed_families") {
    const body = { message: "Business and user permissions are mutually exclusive", status: "fail" };
    return { refusal: jsonReply(400, body, "mixed_scopes") };
  }
  if (verdict.kind === "invalid") {
    const why =
      "Instagram Login takes instagram_business_* scopes and always instagram_business_basic. Names from before 27 January 2025 are gone.";
    return refuse(`Invalid scope: ${verdict.names.join(", ")}`, why, "invalid_scope");
  }
  const isReauthForced = ["true", "1"].includes(parameters.get("force_reauth") ?? "");
  const state = parameters.get("state");
  return { request: { clientId, redirectUri, scopes: verdict.scopes, state, isReauthForced } };
}

function refuse(title: string, explanation: string, refusal: string): { refusal: Reply } {
  return { refusal: errorPage(400, title, explanation, refusal) };
}
