/** What tells a browser by its user agent, the more particular ones first: most claim to be Chrome or Safari too. */
const BROWSERS: readonly (readonly [name: string, ...marks: string[]])[] = [
  ["Instagram", "Instagram "],
  ["Facebook", "FBAN/", "FBAV/", "FB_IAB/"],
  ["Edge", "Edg/", "EdgA/", "EdgiOS/"],
  ["Opera", "OPR/", "OPX/", "OPT/"],
  ["Samsung Internet", "SamsungBrowser/"],
  ["Firefox", "Firefox/", "FxiOS/"],
  ["Chrome", "Chrome/", "CriOS/", "Chromium/"],
  ["Safari", "Safari/"],
];

const SYSTEMS: typeof BROWSERS = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["ChromeOS", "CrOS"],
  ["Windows", "Windows"],
  ["Mac", "Mac OS X", "Macintosh"],
  ["Linux", "Linux", "X11"],
];

/** A browser in words, such as "Firefox on Windows", by what it says of itself. Nothing of its text is repeated. */
export function deviceWords(userAgent: string | null): string {
  const browser = nameIn(BROWSERS, userAgent ?? "");
  const system = nameIn(SYSTEMS, userAgent ?? "");
  if (browser === null) return system === null ? "Unknown browser" : `Browser on ${system}`;
  return system === null ? browser : `${browser} on ${system}`;
}

function nameIn(names: typeof BROWSERS, userAgent: string): string | null {
  const found = names.find(([, ...marks]) => marks.some((mark) => userAgent.includes(mark)));
  return found?.[0] ?? null;
}
