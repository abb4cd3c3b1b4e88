const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

let latestText = "";
let latestMs: number | undefined;

/**
 * The instant of an HTTP date, or undefined for anything else. The text read last is remembered: a server's
 * `Date` header changes once per second, however many answers it comes with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string): number | undefined {
  if (text === latestText) return latestMs;
  const ms = IMF_FIXDATE.test(text) ? Date.parse(text) : Number.NaN;
  latestText = text;
  latestMs = Number.isNaN(ms) ? undefined : ms;
  return latestMs;
}
