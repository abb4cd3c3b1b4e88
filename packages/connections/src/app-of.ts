import type { AppKey } from "@perennial/db";

/** The app of a connection, and no more of it: what is handed on may be logged. */
export function appOf({ flavour, appId }: AppKey): AppKey {
  return { flavour, appId };
}
