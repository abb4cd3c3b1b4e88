/** What this page knows of a reconnect link. */
export type ReconnectLink =
  /** Reloaded, or opened by hand: there is none, or not any more. */
  | { kind: "absent" }
  | { kind: "present"; signed: string }
  /** Damaged, forged or over: no use in sending it. */
  | { kind: "refused" };

/** The reconnect link this page load began with: a store that React can follow. Lives in memory only. */
export type ReconnectLinks = {
  subscribe(listener: () => void): () => void;
  current(): ReconnectLink;
  /** The api did not take the link: it is forgotten. */
  refuse(): void;
};

/** The parts of a browser window that a link arrives by. */
export type LinkWindow = {
  location: Pick<Location, "pathname" | "hash">;
  history: Pick<History, "state" | "replaceState">;
  addEventListener(type: "hashchange", listener: () => void): void;
};

const PAGE = "/reconnect";
/** Three parts of base64url, as signed links have them, and no longer than the api takes. */
const SIGNED = /^(?=.{1,1000}$)[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Takes the link out of the address and the history as soon as it is there: at the start, and when one is
 * opened while its page is shown, which loads nothing anew.
 */
export function keepReconnectLinks(browser: LinkWindow): ReconnectLinks {
  const listeners = new Set<() => void>();
  let link: ReconnectLink = { kind: "absent" };
  const become = (next: ReconnectLink): void => {
    link = next;
    for (const listener of listeners) listener();
  };
  const take = (): void => {
    const { pathname, hash } = browser.location;
    if (pathname !== PAGE && pathname !== `${PAGE}/`) return;
    const signed = hash.replace(/^#/, "");
    if (signed === "") return;
    browser.history.replaceState(browser.history.state, "", PAGE);
    become(SIGNED.test(signed) ? { kind: "present", signed } : { kind: "refused" });
  };

  take();
  browser.addEventListener("hashchange", take);
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => link,
    refuse: () => become({ kind: "refused" }),
  };
}

/** Whether the api refused a sign-in because of the link it came with. */
export function isLinkRefused(reason: string | undefined): boolean {
  return reason === "reconnect_link_invalid" || reason === "bad_request";
}
