import { describe, expect, it } from "vitest";

import { isLinkRefused, keepReconnectLinks } from "./reconnect-links.ts";

const SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjb25fYSJ9.c2lnbmF0dXJl_-x";

/** A window at an address, which remembers what its history was told. */
function windowAt(pathname: string, hash: string) {
  const replaced: string[] = [];
  let onHashChange = (): void => undefined;
  const location = { pathname, hash };
  const browser = {
    location,
    history: {
      state: { key: "kept" },
      replaceState: (state: unknown, _unused: string, url?: string | URL | null) => {
        expect(state).toEqual({ key: "kept" });
        replaced.push(String(url));
        location.hash = "";
      },
    },
    addEventListener: (_type: "hashchange", listener: () => void) => {
      onHashChange = listener;
    },
  };
  return {
    browser,
    replaced,
    open: (next: string) => {
      location.hash = next;
      onHashChange();
    },
  };
}

describe("keepReconnectLinks", () => {
  it("takes the link out of address and history, once, and keeps it in memory", () => {
    const { browser, replaced } = windowAt("/reconnect", `#${SIGNED}`);
    const links = keepReconnectLinks(browser);
    expect(replaced).toEqual(["/reconnect"]);
    expect(links.current()).toEqual({ kind: "present", signed: SIGNED });
    expect(links.current()).toBe(links.current()); // the same however often React asks
  });

  it("says that there is none when the page was reloaded or opened by hand", () => {
    for (const hash of ["", "#"]) {
      const { browser, replaced } = windowAt("/reconnect", hash);
      expect(keepReconnectLinks(browser).current()).toEqual({ kind: "absent" });
      expect(replaced).toEqual([]);
    }
  });

  it("cleans the address of a damaged link as well, and does not send it", () => {
    const damaged = ["x", "a.b", "a.b.c.d", "a.b.c%20", "a.<b>.c", `a.b.${"c".repeat(1_000)}`];
    for (const signed of damaged) {
      const { browser, replaced } = windowAt("/reconnect/", `#${signed}`);
      expect(keepReconnectLinks(browser).current()).toEqual({ kind: "refused" });
      expect(replaced).toEqual(["/reconnect"]);
    }
  });

  it("takes a link that is opened while the page is shown", () => {
    const { browser, replaced, open } = windowAt("/reconnect", "");
    const links = keepReconnectLinks(browser);
    let told = 0;
    const stop = links.subscribe(() => (told += 1));
    open(`#${SIGNED}`);
    expect(links.current()).toEqual({ kind: "present", signed: SIGNED });
    expect(replaced).toEqual(["/reconnect"]);
    links.refuse();
    expect(links.current()).toEqual({ kind: "refused" });
    stop();
    open("#a.b.c");
    expect(told).toBe(2);
  });

  it("touches no other page", () => {
    for (const pathname of ["/", "/connections", "/reconnect/x", "/auth/instagram/callback"]) {
      const { browser, replaced } = windowAt(pathname, `#${SIGNED}`);
      expect(keepReconnectLinks(browser).current()).toEqual({ kind: "absent" });
      expect(replaced).toEqual([]);
    }
  });
});

describe("isLinkRefused", () => {
  it("tells a link that is no good from a sign-in that could not begin", () => {
    expect(["reconnect_link_invalid", "bad_request"].every(isLinkRefused)).toBe(true);
    expect(["unavailable", "flavour_not_configured", undefined].some(isLinkRefused)).toBe(false);
  });
});
