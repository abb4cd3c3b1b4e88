import type { DialogRequest } from "../facebook/dialog-request.ts";
import { describePortfolio, EVERY_TASK, facebookStanding } from "../facebook/people.ts";
import type { FacebookPage, FacebookPerson } from "../facebook/person.ts";
import { PUBLIC_PROFILE, SCOPES } from "../facebook/scopes.ts";
import { consentForm } from "./consent-form.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

const MOST_PEOPLE = 50;

/** What Facebook's dialog shows. */
export type DialogView = {
  request: DialogRequest;
  people: readonly FacebookPerson[];
  appMode: "development" | "live";
  /** Scopes a person declined before, which they are not asked for again. */
  declinedBefore: (person: FacebookPerson) => readonly string[];
};

/**
 * The page that asks: who is signing in, which Pages may the app see, and what may it do there. One form, no script: of
 * each person's Pages only those of the one who is chosen show, and only those count.
 */
export function dialogPage(view: DialogView): { html: string; headers: string[] } {
  const { request } = view;
  const scopes = request.scopes.filter((scope) => scope !== PUBLIC_PROFILE);
  const form = consentForm({
    action: "/dialog/oauth/decision",
    redirectUri: request.redirectUri,
    hidden: hiddenFields(request),
    groups: `<fieldset><legend>Person and Pages</legend>${peopleChoices(view)}</fieldset>
<fieldset><legend>What the app may do</legend>${[PUBLIC_PROFILE, ...scopes].map(scopeChoice).join("")}</fieldset>`,
    clientId: request.clientId,
    state: request.state,
  });
  const html = page(
    "Who is signing in? Perennial's simulator",
    `<h1>Who is signing in?</h1>
<p>Choose the part you want to play, and the Pages that person shares. The app asks for access to the Instagram accounts of these Pages.</p>
${request.isRerequest ? '<p class="warn">The app asks again for what was declined before (auth_type=rerequest).</p>' : ""}
${request.configuration === undefined ? "" : `<p>A business login configuration says what is asked for${request.configuration.token === "system_user" ? "; the token will be a system user's" : ""}.</p>`}
${form}`,
    { host: "Facebook" },
  );
  return { html, headers: pageHeaders([request.redirectUri]) };
}

function hiddenFields(request: DialogRequest): [string, string][] {
  const fields: [string, string][] = [
    ["client_id", request.clientId],
    ["redirect_uri", request.redirectUri],
    ["response_type", "code"],
    request.configuration === undefined
      ? ["scope", request.scopes.join(",")]
      : ["config_id", request.configuration.id],
  ];
  if (request.isRerequest) fields.push(["auth_type", "rerequest"]);
  if (request.areScopesReturned) fields.push(["return_scopes", "true"]);
  if (request.state !== null) fields.push(["state", request.state]);
  return fields;
}

function peopleChoices(view: DialogView): string {
  const { people } = view;
  if (people.length === 0)
    return "<p>Nobody lives here yet. Add people with POST /__sim/facebook/people.</p>";
  const shown = people.slice(0, MOST_PEOPLE);
  const rest = people.length - shown.length;
  const note = rest > 0 ? `<p class="soft">${rest} more people are not listed.</p>` : "";
  return shown.map((person, index) => personChoice(view, person, index)).join("") + note;
}

function personChoice(view: DialogView, person: FacebookPerson, index: number): string {
  const trouble = facebookStanding(person, view.appMode);
  const declined = view.declinedBefore(person);
  const notes = [
    `<span class="${trouble === undefined ? "soft" : "warn"}">${escapeHtml(trouble === undefined ? person.part : `${person.part}; ${trouble}`)}</span>`,
    declined.length === 0
      ? ""
      : `<span class="warn">declined before and not asked again: ${escapeHtml(declined.join(", "))}</span>`,
  ];
  const radio = `<label class="choice"><input type="radio" name="user" value="${escapeHtml(person.key)}" required${index === 0 ? " checked" : ""}><span><strong class="person">${escapeHtml(person.name)}</strong>${notes.join("")}</span></label>`;
  return `<div class="owner">${radio}<div class="owned" role="group" aria-label="Pages of ${escapeHtml(person.name)}">${pageChoices(person)}</div></div>`;
}

function pageChoices({ pages }: FacebookPerson): string {
  if (pages.length === 0) return '<p class="soft">No Pages.</p>';
  return pages.map(pageChoice).join("");
}

function pageChoice({ id, name, instagramUser, portfolio, tasks }: FacebookPage): string {
  const facts = [
    instagramUser === null ? "no Instagram account" : `@${instagramUser}`,
    portfolio === null ? "" : describePortfolio(portfolio),
    tasks.length === EVERY_TASK.length ? "every task" : tasks.join(", "),
  ];
  return `<label class="choice"><input type="checkbox" name="page" value="${id}" checked><span><span class="person">${escapeHtml(name)}</span><span class="soft">${escapeHtml(facts.filter((one) => one !== "").join(" · "))}</span></span></label>`;
}

function scopeChoice(scope: string): string {
  const isFixed = scope === PUBLIC_PROFILE;
  const state = isFixed ? " checked disabled" : " checked";
  const purpose = escapeHtml(SCOPES[scope] ?? "");
  return `<label class="choice"><input type="checkbox" name="permission" value="${escapeHtml(scope)}"${state}><span>${purpose}${isFixed ? " (always granted)" : ""}<span class="soft mono">${escapeHtml(scope)}</span></span></label>`;
}
