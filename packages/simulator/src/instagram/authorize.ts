import type { Call, Endpoint } from "../endpoint.ts";
import { HTML_TYPE, redirectReply, type Reply } from "../http/reply.ts";
import { standing, type SimulatedUser } from "../people.ts";
import { consentPage } from "../pages/consent-page.ts";
import { errorPage } from "../pages/error-page.ts";
import type { World } from "../world.ts";
import { readAuthorizationRequest, type AuthorizationRequest } from "./authorization-request.ts";
import { BASIC } from "./scopes.ts";

/** `GET /oauth/authorize`: the page on which a person is chosen and asked. */
export const authorizePage: Endpoint = {
  at: "authorize",
  flavour: "ig",
  identify: () => ({}),
  process(world, call) {
    const read = readAuthorizationRequest(world, call.query);
    if ("refusal" in read) return read.refusal;
    const { html, headers } = consentPage({
      request: read.request,
      people: world.people.list(),
      appMode: world.policy.current.app_mode,
      now: world.clock.now(),
    });
    return { status: 200, contentType: HTML_TYPE, headers, body: html };
  },
};

/** `POST /oauth/authorize/decision`: what the person chose on that page. */
export const authorizeDecision: Endpoint = {
  at: "authorize",
  flavour: "ig",
  identify(world, call) {
    const user = chosenPerson(world, call);
    return user === undefined ? {} : { user, metered: user };
  },
  process(world, call) {
    const read = readAuthorizationRequest(world, call.form);
    if ("refusal" in read) return read.refusal;
    if (call.form.get("decision") !== "allow")
      return redirectReply(refusalAddress(read.request), "user_denied");
    const user = chosenPerson(world, call);
    if (user === undefined) {
      return errorPage(400, "Nobody was chosen", "Go back and choose one of the people.", "nobody_chosen");
    }
    return turnAway(world, user) ?? allow(world, call, read.request, user);
  },
};

function chosenPerson(world: World, call: Call): SimulatedUser | undefined {
  return world.people.find(call.form.get("user") ?? "");
}

function turnAway(world: World, user: SimulatedUser): Reply | undefined {
  const { app_mode: appMode, refuse_at: refuseAt } = world.policy.current;
  if (refuseAt !== "authorize" || standing(user, appMode) === undefined) return undefined;
  return user.accountType === "PERSONAL"
    ? errorPage(
        403,
        "The user is not an Instagram Business",
        "Personal accounts cannot use Instagram Login: switch to a professional account first.",
        "not_professional",
      )
    : errorPage(
        403,
        "Insufficient Developer Role",
        "The app is in development and this account has not accepted a tester role.",
        "insufficient_developer_role",
      );
}

function allow(world: World, call: Call, request: AuthorizationRequest, user: SimulatedUser): Reply {
  const ticked = call.form.getAll("permission");
  const granted = request.scopes.filter((scope) => scope === BASIC || ticked.includes(scope));
  const code = world.codes.issue({
    tokenKind: "short_lived",
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    user,
    permissions: call.grantedInstead ?? granted,
    issuedAtMs: world.clock.nowMs(),
  });
  return redirectReply(`${answerAddress(request, [["code", code.value]])}#_`);
}

function refusalAddress(request: AuthorizationRequest): string {
  return answerAddress(request, [
    ["error", "access_denied"],
    ["error_reason", "user_denied"],
    ["error_description", "The user denied your request"],
  ]);
}

function answerAddress(request: AuthorizationRequest, fields: [string, string][]): string {
  const query = new URLSearchParams(fields);
  if (request.state !== null) query.set("state", request.state);
  return `${request.redirectUri}${request.redirectUri.includes("?") ? "&" : "?"}${query.toString()}`;
}
