import type { Call, Endpoint } from "../endpoint.ts";
import { HTML_TYPE, redirectReply, type Reply } from "../http/reply.ts";
import { dialogPage } from "../pages/dialog-page.ts";
import { errorPage } from "../pages/error-page.ts";
import type { World } from "../world.ts";
import { readDialogRequest, type DialogRequest } from "./dialog-request.ts";
import { giveConsent } from "./give-consent.ts";
import { facebookStanding } from "./people.ts";
import type { FacebookPerson } from "./person.ts";
import { PUBLIC_PROFILE } from "./scopes.ts";

/** `GET /dialog/oauth`: the page on which a person is chosen, and what they share. */
export const dialog: Endpoint = {
  at: "authorize",
  flavour: "fb",
  identify: () => ({}),
  process(world, call) {
    const read = readDialogRequest(world, call.query);
    if ("refusal" in read) return read.refusal;
    const { people, consents } = world.facebook;
    const { html, headers } = dialogPage({
      request: read.request,
      people: people.list(),
      appMode: world.policy.current.app_mode,
      declinedBefore: (person) => declinedBefore(read.request, person),
    });
    return { status: 200, contentType: HTML_TYPE, headers, body: html };

    function declinedBefore(request: DialogRequest, person: FacebookPerson): readonly string[] {
      return notAskedAgain(request, consents.find(person, request.clientId)?.declined);
    }
  },
};

/** `POST /dialog/oauth/decision`: what the person chose on that page. */
export const dialogDecision: Endpoint = {
  at: "authorize",
  flavour: "fb",
  identify(world, call) {
    const user = chosenPerson(world, call);
    return user === undefined ? {} : { user };
  },
  process(world, call) {
    const read = readDialogRequest(world, call.form);
    if ("refusal" in read) return read.refusal;
    const { request } = read;
    if (call.form.get("decision") !== "allow") return backTo(request, DENIAL, "user_denied");
    const person = chosenPerson(world, call);
    if (person === undefined) {
      const why = "Go back and choose one of the people.";
      return errorPage(400, "Nobody was chosen", why, "nobody_chosen", "Facebook");
    }
    return turnAway(world, request, person) ?? allow(world, call, request, person);
  },
};

const DENIAL: [string, string][] = [
  ["error", "access_denied"],
  ["error_code", "200"],
  ["error_description", "Permissions error"],
  ["error_reason", "user_denied"],
];
const IN_DEVELOPMENT: [string, string][] = [
  ["error_code", "901"],
  [
    "error_message",
    "This app is in sandbox mode. Edit the app configuration at http://developers.facebook.com/apps to make the app publicly visible.",
  ],
];

function chosenPerson(world: World, call: Call): FacebookPerson | undefined {
  return world.facebook.people.find(call.form.get("user") ?? "");
}

/** A person without a role in an app under development comes back with an error of its own kind. */
function turnAway(world: World, request: DialogRequest, person: FacebookPerson): Reply | undefined {
  const { app_mode: appMode, fb_no_role: answer } = world.policy.current;
  if (facebookStanding(person, appMode) === undefined) return undefined;
  return backTo(request, answer === "error_code" ? IN_DEVELOPMENT : DENIAL, "no_app_role");
}

function allow(world: World, call: Call, request: DialogRequest, person: FacebookPerson): Reply {
  const { clientId, redirectUri, configuration } = request;
  const declined = notAskedAgain(request, world.facebook.consents.find(person, clientId)?.declined);
  const ticked = call.grantedInstead ?? call.form.getAll("permission");
  const consent = giveConsent(world, person, clientId, {
    asked: request.scopes.filter((scope) => !declined.includes(scope)),
    ticked,
    pageIds: call.form.getAll("page"),
  });
  const isSystemUser = configuration?.token === "system_user";
  const code = world.facebook.codes.issue({
    clientId,
    redirectUri,
    user: person,
    tokenKind: isSystemUser ? "system_user" : world.policy.current.fb_code_token,
    permissions: isSystemUser
      ? consent.granted.filter((scope) => request.scopes.includes(scope))
      : consent.granted,
    issuedAtMs: world.clock.nowMs(),
  });
  const fields: [string, string][] = [["code", code.value]];
  if (request.areScopesReturned) {
    fields.push(["granted_scopes", consent.granted.join(",")], ["denied_scopes", consent.declined.join(",")]);
  }
  return backTo(request, fields);
}

/** Scopes the person once declined are left alone, unless the app insists. */
function notAskedAgain(request: DialogRequest, declined: readonly string[] = []): readonly string[] {
  if (request.isRerequest) return [];
  return declined.filter((scope) => scope !== PUBLIC_PROFILE && request.scopes.includes(scope));
}

function backTo(request: DialogRequest, fields: [string, string][], refusal?: string): Reply {
  const { redirectUri, state } = request;
  const query = new URLSearchParams(fields);
  if (state !== null) query.set("state", state);
  const joint = redirectUri.includes("?") ? "&" : "?";
  return redirectReply(`${redirectUri}${joint}${query.toString()}#_=_`, refusal);
}
