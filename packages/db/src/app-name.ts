import type { AppKey } from "./store/connections.ts";

/** An app as one text, as the statements of both engines put it together: no flavour has a colon. */
export function appName({ flavour, appId }: AppKey): string {
  return `${flavour}:${appId}`;
}
