import type { CallbackAnswer } from "../callbacks.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

/** What the app was told about somebody who left, and what it answered; why not, where it could not be told. */
export type Told = { what: string; outcome: CallbackAnswer | { problem: string } };

/** The page after somebody has left. */
export function leftPage(user: string, told: readonly Told[]): { html: string; headers: string[] } {
  const rows = told.map(
    ({ what, outcome }) =>
      `<dt>${what}</dt><dd>${"problem" in outcome ? describeProblem(outcome.problem) : describeAnswer(outcome)}</dd>`,
  );
  const html = page(
    "They have left",
    `<h1>${escapeHtml(user)} has left</h1>
<p>Every token of theirs has ended. The app was told, as Meta tells it:</p>
<dl>${rows.join("")}</dl>
<p><a href="/">Back to everybody</a></p>`,
  );
  return { html, headers: pageHeaders() };
}

function describeProblem(problem: string): string {
  return `<span class="warn">${escapeHtml(problem)}</span>`;
}

function describeAnswer({ status, body }: CallbackAnswer): string {
  if (status === null) return describeProblem("It could not be reached.");
  const address = status === 200 ? statusAddressIn(body) : null;
  const link = address === null ? "" : ` <a href="${escapeHtml(address)}">How far the deletion is</a>`;
  return `answered ${status}.${link}`;
}

/** Where a person may look how far their deletion is, if the app said so. */
function statusAddressIn(body: string): string | null {
  try {
    const { url } = JSON.parse(body) as { url?: unknown };
    return typeof url === "string" && /^https?:\/\//.test(url) ? url : null;
  } catch {
    return null; // no answer of the kind that Meta asks for
  }
}
