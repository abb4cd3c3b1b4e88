import type { DeletionStatus } from "@perennial/connections";

/** Where the look of the page comes from: a style that stands in a page itself is not let through. */
export const PAGE_STYLE_PATH = "/meta/page.css";

/** The look of the page. */
export const PAGE_STYLE = `:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 4rem 1.5rem; max-width: 38rem; font: 1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.3; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.5rem; }
dt { opacity: 0.8; }
dd { margin: 0; }
`;

/** How far a deletion is, for whoever was given its code. It says neither who asked nor what was there. */
export function deletionPage({ state, acceptedAt, completedAt }: DeletionStatus): string {
  const isDone = state === "completed";
  const title = isDone ? "The data is deleted" : "The data is being deleted";
  const sentence = isDone
    ? "Whatever this site had about the account is gone: its tokens, profile and history. Where it was the last account of somebody here, their keys and sessions are gone, too."
    : "The request has arrived and is being worked off. This takes a moment; reload the page to see how far it is.";
  return page(
    title,
    `<p>${sentence}</p>
<dl>
<dt>Received</dt><dd>${timeOf(acceptedAt)}</dd>
<dt>Completed</dt><dd>${completedAt === null ? "Not yet" : timeOf(completedAt)}</dd>
</dl>
<p>Backups go as they grow old; should one be restored before, what was deleted is deleted again. What somebody has allowed
this site after their request is no part of it.</p>`,
  );
}

/** There is no deletion behind a code: mistyped, made up, or more than 400 days old. */
export function unknownDeletionPage(): string {
  return page(
    "There is no such request",
    "<p>See that the address is complete. A request can be looked up for 400 days.</p>",
  );
}

function timeOf(at: Date): string {
  const iso = at.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC</time>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${PAGE_STYLE_PATH}">
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}
