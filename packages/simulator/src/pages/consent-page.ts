import type { AuthorizationRequest } from "../instagram/authorization-request.ts";
import { profilePicturePath } from "../instagram/pictures.ts";
import { BASIC, SCOPES } from "../instagram/scopes.ts";
import { standing, type SimulatedUser } from "../people.ts";
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
  const html = page(
    "Who is signing in? Perennial's simulator",
    `<h1>Who is signing in?</h1>
<p>Choose the part you want to play. The app asks for access to one Instagram account.</p>
${request.isReauthForced ? '<p class="warn">The app insists on a fresh sign-in (force_reauth): a session of before does not count.</p>' : ""}
<form method="post" action="/oauth/authorize/decision">
${hiddenFields(request)}
<fieldset><legend>Account</legend>${peopleChoices(view)}</fieldset>
<fieldset><legend>What the app may do</legend>${request.scopes.map(scopeChoice).join("")}</fieldset>
<div class="actions"><button type="submit" name="decision" value="allow">Allow</button><button type="submit" name="decision" value="refuse" class="plain">Not now</button></div>
</form>
<h2>The request</h2>
<dl><dt>App</dt><dd class="mono">${escapeHtml(request.clientId)}</dd><dt>Answer goes to</dt><dd class="mono">${escapeHtml(request.redirectUri)}</dd><dt>state</dt><dd>${request.state === null ? '<span class="warn">missing: any website could finish this sign-in</span>' : "present"}</dd></dl>`,
  );
  return { html, headers: pageHeaders([formTarget(request.redirectUri)]) };
}

function hiddenFields(request: AuthorizationRequest): string {
  const fields: [string, string][] = [
    ["client_id", request.clientId],
    ["redirect_uri", request.redirectUri],
    ["response_type", "code"],
    ["scope", request.scopes.join(",")],
  ];
  if (request.state !== null) fields.push(["state", request.state]);
  return fields
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join("");
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

/** CSP has no way to name an IPv6 host, so for one the scheme has to do. */
function formTarget(redirectUri: string): string {
  const url = new URL(redirectUri);
  return url.hostname.startsWith("[") ? url.protocol : url.origin;
}
