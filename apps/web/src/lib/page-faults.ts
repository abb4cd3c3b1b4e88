/** What can go wrong with a page without the api having said anything about it: the one place for these words. */
export const PAGE_FAULTS = {
  offline: {
    message: "This device is offline.",
    cure: "The page goes on by itself once the network is back. Renewals do not depend on it.",
  },
  unreachable: {
    message: "Perennial’s server did not answer.",
    cure: "Try again in a moment. Renewals do not depend on this page.",
  },
  /** Something before the api answered for it: 502, 503, 504. */
  busy: {
    message: "Perennial’s server is busy, or starting anew.",
    cure: "Try again in a moment. Renewals do not depend on this page.",
  },
  /** Something before the api answered for it: 429. */
  throttled: {
    message: "Too many requests came from here.",
    cure: "Wait a minute, then try again.",
  },
  broken: {
    message: "This page could not be shown",
    cure: "Most often a newer version has been put in place. Your connections are not touched by this.",
  },
  missing: {
    message: "Nothing at this address",
    cure: "The page may have moved, or the address was cut short.",
  },
} as const;
