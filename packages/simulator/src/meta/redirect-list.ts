/** The redirect addresses registered for the app. */
export type RedirectList = { includes(redirectUri: string): boolean };

const LOCAL_HOSTS: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The exact list that was registered, or, without one, the callback address of any development server on this
 * machine. Either way the comparison is byte for byte.
 */
export function createRedirectList(
  registered: readonly string[] | undefined,
  callbackPath: string,
): RedirectList {
  if (registered !== undefined) return { includes: (redirectUri) => registered.includes(redirectUri) };
  return {
    includes(redirectUri) {
      const url = URL.parse(redirectUri);
      if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
      const start = `${url.protocol}//${url.hostname}`;
      if (!LOCAL_HOSTS.includes(url.hostname) || !redirectUri.startsWith(start)) return false;
      return redirectUri.slice(start.length).replace(/^:\d{1,5}(?=\/)/, "") === callbackPath;
    },
  };
}
