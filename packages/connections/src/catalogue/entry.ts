/** Who ends a failure: time, the person whose account it is, whoever runs this site, or whoever sent the request. */
export type EndedBy = "time" | "person" | "operator" | "caller";

/** What is known about one failure beside its message and cure. */
export type CatalogueEntry = {
  /** What it means, in a sentence or two that hold for everybody who meets it. */
  meaning: string;
  endedBy: EndedBy;
  /** What it comes from, the likeliest first. */
  causes: readonly [string, ...string[]];
  /** What to do, step by step, for each who can do something. Empty for who cannot. */
  steps: Readonly<Record<"person" | "developer" | "operator", readonly string[]>>;
  /** Meta's own page about it; null where there is none. */
  link: string | null;
};

const META = "https://developers.facebook.com";

/** Meta's pages that entries point to. */
export const PAGES = {
  businessLogin: `${META}/docs/instagram-platform/instagram-api-with-instagram-login/business-login`,
  facebookLogin: `${META}/docs/instagram-platform/instagram-api-with-facebook-login/business-login-for-instagram`,
  manualFlow: `${META}/docs/facebook-login/guides/advanced/manual-flow`,
  refresh: `${META}/docs/instagram-platform/reference/refresh_access_token`,
  longLived: `${META}/docs/facebook-login/guides/access-tokens/get-long-lived`,
  errors: `${META}/docs/graph-api/guides/error-handling`,
  rateLimits: `${META}/docs/graph-api/overview/rate-limiting`,
  appReview: `${META}/docs/instagram-platform/app-review`,
  appModes: `${META}/docs/development/build-and-test/app-modes`,
  overview: `${META}/docs/instagram-platform/overview`,
  secureRequests: `${META}/docs/graph-api/guides/secure-requests`,
  debugToken: `${META}/docs/graph-api/reference/debug_token`,
  changelog: `${META}/docs/graph-api/changelog/versions`,
  permissions: `${META}/docs/graph-api/reference/user/permissions`,
  status: "https://metastatus.com",
} as const;

/** An entry of our own: about nothing that Meta has a page for. */
export function ownEntry(
  endedBy: EndedBy,
  meaning: string,
  causes: CatalogueEntry["causes"],
  steps: Partial<CatalogueEntry["steps"]>,
): CatalogueEntry {
  return {
    meaning,
    endedBy,
    causes,
    steps: { person: [], developer: [], operator: [], ...steps },
    link: null,
  };
}

/** An entry in a few words: one cause, and one step for whoever can take it. */
export function entryInShort(
  endedBy: EndedBy,
  meaning: string,
  cause: string,
  step: string,
  who: keyof CatalogueEntry["steps"] = endedBy === "operator" ? "operator" : "developer",
): CatalogueEntry {
  return ownEntry(endedBy, meaning, [cause], { [who]: [step] });
}
