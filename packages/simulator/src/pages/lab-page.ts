import type { FaultRuleState } from "../faults/rule.ts";
import type { Gate } from "../gates.ts";
import { profilePicturePath } from "../instagram/pictures.ts";
import type { Lineage } from "../tokens.ts";
import { standing } from "../people.ts";
import type { World } from "../world.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

/** `GET /`: people, clock, policy, rules and gates as they stand. It only shows; switching is done over `/__sim/*`. */
export function labPage(world: World): { html: string; headers: string[] } {
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
<p>A local Instagram that enforces the real rules. ${world.ledger.total()} requests so far.</p>
<h2>Clock</h2>
<dl><dt>Virtual time</dt><dd><time datetime="${now.toISOString()}">${now.toISOString()}</time></dd><dt>Ahead of real time by</dt><dd>${describeOffset(clock.offsetMs)}</dd><dt>Rate</dt><dd>${clock.rate}</dd></dl>
<h2>People</h2>${peopleTable(world, now)}
<h2>Fault rules</h2>${rulesTable(world.faults.list())}
<h2>Gates</h2>${gatesTable(world.gates.list(), world.gates.waiting().length)}
<h2>Policy</h2><dl>${policy}</dl>`,
    true,
  );
  return { html, headers: pageHeaders() };
}

function describeOffset(offsetMs: number): string {
  const seconds = Math.round(offsetMs / 1000);
  const days = Math.trunc(seconds / 86_400);
  return days === 0 ? `${seconds} s` : `${days} d ${seconds - days * 86_400} s`;
}

const MOST_ROWS = 200;

function peopleTable(world: World, now: Date): string {
  const people = world.people.list();
  const rows = people.slice(0, MOST_ROWS).map((user) => {
    const trouble = standing(user, world.policy.current.app_mode);
    return `<tr><td><img src="${escapeHtml(profilePicturePath(user, now.getTime()))}" alt="" width="32" height="32"></td><td class="mono cut">${escapeHtml(user.key)}</td><td class="cut">@${escapeHtml(user.username)}</td><td>${user.accountType}</td><td class="mono id">${user.professionalId}</td><td>${trouble === undefined ? "can sign in" : `<span class="warn">${trouble}</span>`}</td><td>${describeTokens(world.tokens.lineages(now.getTime(), user))}</td></tr>`;
  });
  const note = people.length > rows.length ? `<p class="soft">${people.length - rows.length} more.</p>` : "";
  return `${table("People", ["Picture", "Key", "Username", "Account", "Professional id", "Standing", "Live tokens"], rows)}${note}`;
}

function describeTokens(lineages: readonly Lineage[]): string {
  const live = lineages.flatMap((one) => one.tokens).filter((token) => token.isLive);
  const last = live.at(-1);
  return last === undefined ? "none" : `${live.length}, last until ${last.expiresAt.toISOString()}`;
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
