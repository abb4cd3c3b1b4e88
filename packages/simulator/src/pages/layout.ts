import { createHash } from "node:crypto";

/** A lab, not a shop window: graph paper, instrument type, a hazard strip that says what this is. */
const STYLE = `
:root{color-scheme:light dark;--paper:#f4f6f8;--grid:#dfe5ea;--sheet:#fff;--ink:#16202a;--soft:#4a5966;--line:#8a99a6;--mark:#0b5c8a;--on-mark:#fff;--warn:#8a4b00;--strip:#f2c230;--strip-ink:#1b1600}
@media (prefers-color-scheme:dark){:root{--paper:#10161b;--grid:#1b242c;--sheet:#161e25;--ink:#e6edf2;--soft:#a6b4bf;--line:#5f6f7c;--mark:#7cc4ee;--on-mark:#08202f;--warn:#f0b46a;--strip:#f2c230;--strip-ink:#1b1600}}
*{box-sizing:border-box}
html{scroll-padding-bottom:96px}
body{margin:0;color:var(--ink);background:var(--paper) linear-gradient(var(--grid) 1px,transparent 1px) 0 0/100% 24px;font:16px/1.5 ui-sans-serif,system-ui,sans-serif}
.strip{background:var(--strip);color:var(--strip-ink);font:600 14px/1.4 ui-monospace,monospace;padding:10px 16px;text-align:center;border-bottom:6px dashed var(--strip-ink)}
main{max-width:46rem;margin:0 auto;padding:24px 16px 48px}
main.wide{max-width:72rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:32px 0 8px}
p{margin:0 0 16px}
.soft{color:var(--soft)}
.mono,code,td.mono{font-family:ui-monospace,monospace;font-size:.875rem;overflow-wrap:anywhere}
fieldset{border:1px solid var(--line);background:var(--sheet);margin:0 0 24px;padding:8px 16px 12px;min-width:0}
legend{font-weight:600;padding:0 8px}
.choice{display:flex;gap:12px;align-items:flex-start;padding:10px 0;border-top:1px solid var(--grid);cursor:pointer}
.choice:first-of-type{border-top:0}
.choice input{width:20px;height:20px;margin:2px 0 0;flex:none;accent-color:var(--mark)}
.choice img{width:40px;height:40px;border-radius:4px;flex:none}
.choice span,.choice strong{display:block;min-width:0;overflow-wrap:anywhere}
.owned{display:none;margin:0 0 8px 32px;padding:0 0 0 16px;border-left:2px solid var(--grid);max-height:24rem;overflow-y:auto}
.owner:has(input[type=radio]:checked) .owned{display:block}
.choice .person{max-height:4.5rem;overflow:hidden;unicode-bidi:isolate}
.warn{color:var(--warn);font-weight:600}
.actions{position:sticky;bottom:0;display:flex;gap:12px;padding:12px 0;background:var(--paper)}
button{font:inherit;font-weight:600;line-height:1;min-height:48px;padding:12px 28px;border:2px solid var(--mark);border-radius:2px;background:var(--mark);color:var(--on-mark);cursor:pointer}
button.small{min-height:36px;padding:6px 12px;font-size:.875rem;white-space:nowrap}
.leaving{display:flex;gap:8px}
button.plain{background:transparent;color:var(--mark)}
:focus-visible{outline:3px solid var(--strip);outline-offset:2px;box-shadow:0 0 0 2px var(--ink)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:8px 0 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;background:var(--sheet);border:1px solid var(--line)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid var(--grid);vertical-align:top}
td.id{white-space:nowrap}
td.cut{unicode-bidi:isolate;max-width:18rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
th{font-size:.875rem;color:var(--soft)}
blockquote{margin:0 0 16px;padding:12px 16px;border-left:6px solid var(--warn);background:var(--sheet);overflow-wrap:anywhere}
@media (max-width:30rem){.actions button{flex:1;padding:12px}}
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Text made safe for HTML, control characters included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "\u{FFFD}");
}

/** Whom a page plays. */
export type PlayedHost = "Instagram" | "Facebook";

/** A whole page. `content` is HTML whose texts are escaped already; no page carries a script. */
export function page(
  title: string,
  content: string,
  { host = "Instagram", isWide = false }: { host?: PlayedHost; isWide?: boolean } = {},
): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><header class="strip">Perennial's simulator. This is not ${host}: no real account is involved.</header><main${isWide ? ' class="wide"' : ""}>${content}</main></body></html>`;
}

/**
 * Headers of every page. Browsers hold a form's `form-action` against the redirects after it too, so the address the
 * answer goes to has to be named.
 */
export function pageHeaders(redirectUris: readonly string[] = []): string[] {
  const formTargets = redirectUris.map(formTarget);
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "img-src 'self'",
    `form-action ${formTargets.length === 0 ? "'none'" : ["'self'", ...formTargets].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return [
    "Content-Security-Policy",
    policy,
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "no-referrer",
    "Cache-Control",
    "no-store",
  ];
}

/** CSP has no way to name an IPv6 host, so for one the scheme has to do. */
function formTarget(redirectUri: string): string {
  const url = new URL(redirectUri);
  return url.hostname.startsWith("[") ? url.protocol : url.origin;
}
