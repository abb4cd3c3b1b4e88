import { escapeHtml } from "./layout.ts";

/** A consent page's form and what it says of the request. */
export type ConsentForm = {
  action: string;
  redirectUri: string;
  /** Fields that carry the request over to the decision. */
  hidden: readonly [name: string, value: string][];
  /** HTML of what there is to choose. */
  groups: string;
  clientId: string;
  state: string | null;
};

/** One form with the buttons "Allow" and "Not now", and the request beneath it. */
export function consentForm({ action, redirectUri, hidden, groups, clientId, state }: ConsentForm): string {
  const fields = hidden.map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  return `<form method="post" action="${action}">
${fields.join("")}
${groups}
<div class="actions"><button type="submit" name="decision" value="allow">Allow</button><button type="submit" name="decision" value="refuse" class="plain">Not now</button></div>
</form>
<h2>The request</h2>
<dl><dt>App</dt><dd class="mono">${escapeHtml(clientId)}</dd><dt>Answer goes to</dt><dd class="mono">${escapeHtml(redirectUri)}</dd><dt>state</dt><dd>${state === null ? '<span class="warn">missing: any website could finish this sign-in</span>' : "present"}</dd></dl>`;
}
