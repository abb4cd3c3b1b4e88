import { HTML_TYPE, type Reply } from "../http/reply.ts";
import { escapeHtml, page, pageHeaders, type PlayedHost } from "./layout.ts";

/** The page on which a person is left standing when the request itself is wrong: nothing goes back to the app. */
export function errorPage(
  status: number,
  title: string,
  explanation: string,
  refusal: string,
  host: PlayedHost = "Instagram",
): Reply {
  const content = `<h1>Sign-in cannot go on</h1><p>${host} would stop here and say:</p><blockquote class="mono">${escapeHtml(title)}</blockquote><h2>Why</h2><p>${escapeHtml(explanation)}</p><p class="soft">Nothing was sent back to the app. The real ${host} gives no reason beyond its own words.</p>`;
  const body = page(title, content, { host });
  return { status, contentType: HTML_TYPE, headers: pageHeaders(), body, refusal };
}
