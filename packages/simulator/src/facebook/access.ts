import { createHmac } from "node:crypto";
import type { Call, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import { graphError, type GraphFailure } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import { CANNOT_PARSE, deathFailure, invalidToken, presentedToken } from "../meta/token-refusal.ts";
import type { TokenRecord } from "../token-record.ts";
import type { Metered } from "../usage-limit.ts";
import type { AppCredentials, World } from "../world.ts";
import type { Consent } from "./consents.ts";
import type { FacebookPage, FacebookPerson } from "./person.ts";

/** Finds out whose token a graph request carries. */
export function identifyByToken(world: World, call: Call): Subject {
  const presented = presentedToken(call);
  if (presented === "") return {};
  const token = world.facebook.tokens.find(presented);
  if (token === undefined) return { presentedToken: presented };
  const { user } = token.lineage;
  return { presentedToken: presented, token, user, ...meteredBy(token.pageId) };
}

function meteredBy(pageId: string | null): { metered?: Metered } {
  return pageId === null ? {} : { metered: { pageId } };
}

/** A token that may be used now, its person, and what that person lets its app do. */
export type Access = {
  token: TokenRecord<FacebookPerson>;
  person: FacebookPerson;
  consent: Consent;
};

/** The person behind a working token, or the refusal Graph gives instead. */
export function requireAccess(world: World, call: Call, subject: Subject): Access | { refusal: Reply } {
  if (!world.usage.admit()) return refuse(world, subject, usualFailure(4, null));
  const presented = subject.presentedToken;
  if (presented === undefined) {
    return refuse(world, subject, usualFailure(call.nodeId === "me" ? 2500 : 104, null));
  }
  if (readAppToken(world, presented) !== undefined) return refuse(world, subject, usualFailure(2500, null));
  const checked = checkUserToken(world, presented);
  if ("failure" in checked) return refuse(world, subject, invalidToken(call, checked.failure));
  const app = appOf(world, checked.token.lineage.appId);
  const need = app === world.facebook.app ? world.policy.current.fb_appsecret_proof : "optional";
  const proof = refuseProof(call, app, presented, need);
  return proof === undefined ? checked : refuse(world, subject, proof);
}

/** Whether a person's or Page's token works now; if not, in Graph's words why. */
export function checkUserToken(world: World, value: string): Access | { failure: GraphFailure } {
  const { tokens, consents } = world.facebook;
  const token = tokens.find(value);
  if (token === undefined) {
    return { failure: value.includes("|") ? BAD_SIGNATURE : CANNOT_PARSE };
  }
  const nowMs = world.clock.nowMs();
  const { user: person, appId } = token.lineage;
  const dead = tokens.whyDead(token, nowMs);
  if (dead !== undefined) return { failure: deathFailure(dead, token, nowMs) };
  const consent = consents.find(person, appId);
  return consent === undefined ? { failure: usualFailure(190, 458, appId) } : { token, person, consent };
}

/** What an `APPID|APPSECRET` that does not fit gets: about our own credentials, not about anybody's token. */
export const BAD_SIGNATURE: GraphFailure = {
  code: 190,
  message: "Invalid OAuth access token signature.",
};

/** The app whose own token this is; undefined for every other text. */
export function readAppToken(world: World, value: string): AppCredentials | undefined {
  const { app, foreignApp } = world.facebook;
  return [app, foreignApp].find(({ clientId, clientSecret }) => value === `${clientId}|${clientSecret}`);
}

/**
 * The app that asks with its own token, or the refusal. Such a token holds the secret already, so a proof is checked
 * when it is there but never required.
 */
export function requireApp(
  world: World,
  call: Call,
  subject: Subject,
): { app: AppCredentials } | { refusal: Reply } {
  const presented = subject.presentedToken;
  if (presented === undefined) return refuse(world, subject, usualFailure(104, null));
  const app = readAppToken(world, presented);
  if (app === undefined) {
    const failure = presented.includes("|") ? BAD_SIGNATURE : CANNOT_PARSE;
    return refuse(world, subject, invalidToken(call, failure));
  }
  const proof = refuseProof(call, app, presented, "optional");
  return proof === undefined ? { app } : refuse(world, subject, proof);
}

/** Checks `appsecret_proof`: HMAC-SHA256 of the token with the secret of the app it belongs to, in lowercase hex. */
function refuseProof(
  call: Call,
  app: AppCredentials | undefined,
  token: string,
  need: "optional" | "required",
): GraphFailure | undefined {
  const given = call.query.get("appsecret_proof") ?? call.form.get("appsecret_proof");
  if (given === null) {
    if (need === "optional") return undefined;
    return {
      code: 100,
      type: "GraphMethodException",
      message: "API calls from the server require an appsecret_proof argument",
    };
  }
  if (app !== undefined && given === createHmac("sha256", app.clientSecret).update(token).digest("hex")) {
    return undefined;
  }
  return {
    code: 100,
    type: "GraphMethodException",
    message: "Invalid appsecret_proof provided in the API argument",
  };
}

/** The app with an id; undefined for the one that was registered here before a restart. */
function appOf({ facebook }: World, appId: string): AppCredentials | undefined {
  return [facebook.app, facebook.foreignApp].find(({ clientId }) => clientId === appId);
}

/** Refuses a token that lacks a permission; undefined when it has it. */
export function requirePermission(
  world: World,
  { token }: Access,
  permission: string,
  metered?: Metered,
): Reply | undefined {
  if (token.permissions.includes(permission)) return undefined;
  const message = `(#10) Application does not have permission for this action: ${permission}`;
  return graphError(world, { status: 403, code: 10, message }, metered);
}

/** The Pages a token may see: those the person shares with its app, or the one Page it is a token of. */
export function sharedPages({ token, person, consent }: Access): FacebookPage[] {
  return person.pages.filter(
    ({ id }) => consent.pageIds.includes(id) && (token.pageId === null || token.pageId === id),
  );
}

export function refuse(world: World, subject: Subject, failure: GraphFailure): { refusal: Reply } {
  return { refusal: graphError(world, failure, subject.metered) };
}
