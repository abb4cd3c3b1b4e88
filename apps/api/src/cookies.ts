import { parse, serialize } from "hono/utils/cookie";

import type { AttemptCookies, CookieJar } from "./context.ts";

/** More sign-ins than this in one browser at once are tabs that were left behind. */
const MAX_ATTEMPT_COOKIES = 5;
const ATTEMPT_MAX_AGE_SECONDS = 600;

/** The names of our cookies: over https they are bound to the host by their prefix. */
export function cookieNames(appUrl: string): { session: string; attemptPrefix: string; isSecure: boolean } {
  const isSecure = appUrl.startsWith("https:");
  const prefix = isSecure ? "__Host-" : "";
  return { session: `${prefix}perennial_session`, attemptPrefix: `${prefix}perennial_attempt_`, isSecure };
}

/** Reads the cookies of a request and hands on those of its answer. Damaged ones are as good as absent. */
export function createCookieJar(
  header: string | undefined,
  setCookie: (cookie: string) => void,
  isSecure: boolean,
): CookieJar {
  const cookies = header === undefined ? {} : parse(header);
  const append = (name: string, value: string, maxAgeSeconds: number): void => {
    const options = {
      httpOnly: true,
      path: "/",
      sameSite: "Lax",
      secure: isSecure,
      maxAge: maxAgeSeconds,
    } as const;
    setCookie(serialize(name, value, options));
  };
  return {
    get: (name) => (Object.hasOwn(cookies, name) ? (cookies[name] ?? null) : null),
    names: (prefix) => Object.keys(cookies).filter((name) => name.startsWith(prefix)),
    set: (name, value, options) => append(name, value, options.maxAgeSeconds),
    clear: (name) => append(name, "", 0),
  };
}

/** Keeps one cookie per sign-in attempt; the oldest go when there are too many. */
export function createAttemptCookies(jar: CookieJar, prefix: string): AttemptCookies {
  return {
    bind: (attemptId, browserSecret) => {
      const present = jar.names(prefix);
      for (const name of present.slice(0, Math.max(0, present.length - MAX_ATTEMPT_COOKIES + 1)))
        jar.clear(name);
      jar.set(`${prefix}${attemptId}`, browserSecret, { maxAgeSeconds: ATTEMPT_MAX_AGE_SECONDS });
    },
    secretOf: (attemptId) => jar.get(`${prefix}${attemptId}`),
  };
}
