import type { FlavourName } from "../endpoint.ts";
import type { Consent } from "../facebook/consents.ts";
import { describePortfolio, facebookStanding } from "../facebook/people.ts";
import type { FacebookPage } from "../facebook/person.ts";
import type { FaultRuleState } from "../faults/rule.ts";
import type { Gate } from "../gates.ts";
import { profilePicturePath } from "../meta/pictures.ts";
import type { Lineage } from "../token-lineage.ts";
import { standing } from "../people.ts";
import type { World } from "../world.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

/** Where the page's own forms go. */
export const LEAVING_PATH = "/__sim/leaving";

/**
 * `GET /`: people, clock, policy, rules and gates as they stand. People can leave the app here, as they do in their
 * settings at Instagram or Facebook; all other switching is done over `/__sim/*`. `formToken` proves that a form is of
 * this page.
 */
export function labPage(world: World, formToken: string): { html: string; headers: string[] } {
  const clock = world.clock.state();
  const now = new Date(clock.nowMs);
  const policy = Object.entries(world.policy.get())
    .map(
      ([name, value]) =>
        `<dt class="mono">${escapeHtml(name)}</dt><dd class="mono">${escapeHtml(String(value))}</dd>`,
    )
    .join("");
  const html = page(
    "Perennial's simulator",
    `<h1>Perennial's simulator</h1>
<p>A local Instagram and Facebook that enforce the real rules. ${world.ledger.total()} requests so far.</p>
<h2>Clock</h2>
<dl><dt>Virtual time</dt><dd><time datetime="${now.toISOString()}">${now.toISOString()}</time></dd><dt>Ahead of real time by</dt><dd>${describeOffset(clock.offsetMs)}</dd><dt>Rate</dt><dd>${clock.rate}</dd></dl>
<h2>People</h2>${peopleTable(world, now, formToken)}
<h2>People at Facebook</h2>${facebookTable(world, now.getTime(), formToken)}
<h2>Fault rules</h2>${rulesTable(world.faults.list())}
<h2>Gates</h2>${gatesTable(world.gates.list(), world.gates.waiting().length)}
<h2>Policy</h2><dl>${policy}</dl>`,
    { isWide: true },
  );
  return { html, headers: pageHeaders([world.origin]) };
}

/** How a person leaves: each button is a form, for there is no script here. */
function leavingForms(flavour: FlavourName, user: string, formToken: string): string {
  const form = (how: string, label: string): string =>
    `<form method="post" action="${LEAVING_PATH}"><input type="hidden" name="form_token" value="${formToken}"><input type="hidden" name="flavour" value="${flavour}"><input type="hidden" name="user" value="${escapeHtml(user)}"><button type="submit" name="how" value="${how}" class="small plain" aria-label="${label}: ${escapeHtml(user)}">${label}</button></form>`;
  return `<div class="leaving">${form("remove_app", "Remove the app")}${form("delete_data", "Delete my data")}</div>`;
}

function describeOffset(offsetMs: number): string {
  const seconds = Math.round(offsetMs / 1000);
  const days = Math.trunc(seconds / 86_400);
  return days === 0 ? `${seconds} s` : `${days} d ${seconds - days * 86_400} s`;
}

const MOST_ROWS = 200;
const MOST_PAGES = 6;

function peopleTable(world: World, now: Date, formToken: string): string {
  const people = world.people.list();
  const rows = people.slice(0, MOST_ROWS).map((user) => {
    const trouble = standing(user, world.policy.current.app_mode);
    return `<tr><td><img src="${escapeHtml(profilePicturePath(user, now.getTime()))}" alt="" width="32" height="32"></td><td class="mono cut">${escapeHtml(user.key)}</td><td class="cut">@${escapeHtml(user.username)}</td><td>${user.accountType}</td><td class="mono id">${user.professionalId}</td><td>${trouble === undefined ? "can sign in" : `<span class="warn">${trouble}</span>`}</td><td>${describeTokens(world.tokens.lineages(now.getTime(), user))}</td><td>${leavingForms("ig", user.key, formToken)}</td></tr>`;
  });
  const note = people.length > rows.length ? `<p class="soft">${people.length - rows.length} more.</p>` : "";
  return `${table("People", ["Picture", "Key", "Username", "Account", "Professional id", "Standing", "Live tokens", "Leaving"], rows)}${note}`;
}

function describeTokens(lineages: readonly Lineage[]): string {
  const live = lineages.flatMap((one) => one.tokens).filter((token) => token.isLive);
  const last = live.at(-1);
  if (last === undefined) return "none";
  return `${live.length}, last ${last.expiresAt === null ? "without an end" : `until ${last.expiresAt.toISOString()}`}`;
}

function facebookTable({ facebook, policy }: World, nowMs: number, formToken: string): string {
  const people = facebook.people.list();
  const rows = people.slice(0, MOST_ROWS).map((person) => {
    const trouble = facebookStanding(person, policy.current.app_mode);
    const switches = [
      trouble === undefined ? "can sign in" : `<span class="warn">${trouble}</span>`,
      person.isCheckpointed ? '<span class="warn">at a checkpoint</span>' : "",
      person.passwordChangedAt === null ? "" : `password changed ${person.passwordChangedAt.toISOString()}`,
      describeConsent(facebook.consents.find(person, facebook.app.clientId), nowMs),
    ];
    return `<tr><td class="mono cut">${escapeHtml(person.key)}</td><td class="cut">${escapeHtml(person.name)}</td><td class="mono id">${person.appScopedId}</td><td>${describePages(person.pages)}</td><td>${person.appRole ?? "none"}</td><td>${switches.filter((one) => one !== "").join("; ")}</td><td>${describeTokens(facebook.tokens.lineages(nowMs, person))}</td><td>${leavingForms("fb", person.key, formToken)}</td></tr>`;
  });
  const note = people.length > rows.length ? `<p class="soft">${people.length - rows.length} more.</p>` : "";
  return `${table("People at Facebook", ["Key", "Name", "User id", "Pages", "Role in the app", "Standing", "Live tokens", "Leaving"], rows)}${note}`;
}

function describePages(pages: readonly FacebookPage[]): string {
  const shown = pages.slice(0, MOST_PAGES).map(({ name, instagramUser, portfolio, tasks }) => {
    const facts = [
      instagramUser === null ? "no account" : `@${instagramUser}`,
      ...(portfolio === null ? [] : [describePortfolio(portfolio)]),
      ...(tasks.includes("MANAGE") || tasks.includes("CREATE_CONTENT") ? [] : ["may not publish"]),
    ];
    return escapeHtml(`${name} (${facts.join(", ")})`);
  });
  if (pages.length > shown.length) shown.push(`${pages.length - shown.length} more`);
  return shown.length === 0 ? "none" : shown.join("<br>");
}

function describeConsent(consent: Consent | undefined, nowMs: number): string {
  if (consent === undefined) return "";
  const until = new Date(consent.dataAccessEndsAtMs).toISOString();
  const isOver = nowMs >= consent.dataAccessEndsAtMs;
  const access = isOver
    ? `<span class="warn">data access ended ${until}</span>`
    : `data access until ${until}`;
  const declined =
    consent.declined.length === 0 ? "" : `; declined ${escapeHtml(consent.declined.join(", "))}`;
  return `${access}${declined}`;
}

function rulesTable(rules: readonly FaultRuleState[]): string {
  if (rules.length === 0) return "<p>None: every answer is true.</p>";
  const rows = rules.map(
    ({ id, at, do: action, seen, applied, ...rest }) =>
      `<tr><td class="mono">${escapeHtml(id)}</td><td>${escapeHtml(at)}</td><td>${escapeHtml(action)}</td><td class="mono">${escapeHtml(JSON.stringify(rest))}</td><td>${applied} of ${seen}</td></tr>`,
  );
  return table("Fault rules", ["Id", "At", "Does", "Settings", "Fired"], rows);
}

function gatesTable(gates: readonly Gate[], waiting: number): string {
  if (gates.length === 0) return `<p>None.${waiting > 0 ? ` ${waiting} requests still wait.` : ""}</p>`;
  const rows = gates.map(
    (gate) =>
      `<tr><td class="mono">${escapeHtml(gate.id ?? "")}</td><td>${escapeHtml(gate.at)}</td><td>${gate.point}</td><td>${escapeHtml(gate.user ?? "anybody")}</td></tr>`,
  );
  return `${table("Gates", ["Id", "At", "Point", "Person"], rows)}<p>${waiting} requests wait.</p>`;
}

function table(label: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
