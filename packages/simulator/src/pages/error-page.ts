import { HTML_TYPE, type Reply } from "../http/reply.ts";
import { escapeHtml, page, pageHeaders } from "./layout.ts";

/** The page on which a person is left standing when the request itself is wrong: nothing goes back to the app. */
export function errorPage(status: number, title: string, explanation: string, refusal: string): Reply {
  const body = page(
    title,
    `<h1>Sign-in cannot go on</h1><p>Instagram would stop here and say:</p><blockquote class="mono">${escapeHtml(title)}</blockquote><h2>Why</h2><p>${escapeHtml(explanation)}</p><p class="soft">Nothing was sent back to the app. The real Instagram gives no reason beyond its own words.</p>`,
  );
  return { status, contentType: HTML_TYPE, headers: pageHeaders(), body, refusal };
}
