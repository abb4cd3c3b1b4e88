import type { AuthorizationRequest } from "../instagram/authorization-request.ts";
import { profilePicturePath } from "../meta/pictures.ts";
import { BASIC, SCOPES } from "../instagram/scopes.ts";
import { standing, type SimulatedUser } from "../people.ts";
import { consentForm } from "./consent-form.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

const MOST_PEOPLE = 50;

/** What the consent page shows. */
export type ConsentView = {
  request: AuthorizationRequest;
  people: readonly SimulatedUser[];
  appMode: "development" | "live";
  now: Date;
};

/** The page that asks: who is signing in, and what may the app do. One form, no script. */
export function consentPage(view: ConsentView): { html: string; headers: string[] } {
  const { request } = view;
  const form = consentForm({
    action: "/oauth/authorize/decision",
    redirectUri: request.redirectUri,
    hidden: hiddenFields(request),
    groups: `<fieldset><legend>Account</legend>${peopleChoices(view)}</fieldset>
<fieldset><legend>What the app may do</legend>${request.scopes.map(scopeChoice).join("")}</fieldset>`,
    clientId: request.clientId,
    state: request.state,
  });
  const html = page(
    "Who is signing in? Perennial's simulator",
    `<h1>Who is signing in?</h1>
<p>Choose the part you want to play. The app asks for access to one Instagram account.</p>
${request.isReauthForced ? '<p class="warn">The app insists on a fresh sign-in (force_reauth): a session of before does not count.</p>' : ""}
${form}`,
  );
  return { html, headers: pageHeaders([request.redirectUri]) };
}

function hiddenFields(request: AuthorizationRequest): [string, string][] {
  const fields: [string, string][] = [
    ["client_id", request.clientId],
    ["redirect_uri", request.redirectUri],
    ["response_type", "code"],
    ["scope", request.scopes.join(",")],
  ];
  if (request.state !== null) fields.push(["state", request.state]);
  return fields;
}

function peopleChoices({ people, appMode, now }: ConsentView): string {
  if (people.length === 0) return "<p>Nobody lives here yet. Add people with POST /__sim/users.</p>";
  const shown = people.slice(0, MOST_PEOPLE);
  const rest = people.length - shown.length;
  const note = rest > 0 ? `<p class="soft">${rest} more people are not listed.</p>` : "";
  return shown.map((user, index) => personChoice(user, index, appMode, now)).join("") + note;
}

function personChoice(
  user: SimulatedUser,
  index: number,
  appMode: ConsentView["appMode"],
  now: Date,
): string {
  const trouble = standing(user, appMode);
  const part = trouble === undefined ? user.part : `${user.part.split(":", 1)[0] ?? ""}, ${trouble}`;
  const picture = `<img src="${escapeHtml(profilePicturePath(user, now.getTime()))}" alt="" width="40" height="40">`;
  const name = user.name === null ? "" : ` <span class="soft person">${escapeHtml(user.name)}</span>`;
  return `<label class="choice"><input type="radio" name="user" value="${escapeHtml(user.key)}" required${index === 0 ? " checked" : ""}>${picture}<span><strong class="person">@${escapeHtml(user.username)}</strong>${name}<span class="${trouble === undefined ? "soft" : "warn"}">${escapeHtml(part)}</span></span></label>`;
}

function scopeChoice(scope: string): string {
  const isFixed = scope === BASIC;
  const state = isFixed ? " checked disabled" : " checked";
  const purpose = escapeHtml(SCOPES[scope] ?? "");
  return `<label class="choice"><input type="checkbox" name="permission" value="${escapeHtml(scope)}"${state}><span>${purpose}${isFixed ? " (always granted)" : ""}<span class="soft mono">${escapeHtml(scope)}</span></span></label>`;
}
