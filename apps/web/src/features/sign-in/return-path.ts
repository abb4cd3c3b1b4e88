const OWN_PATHS = /^\/connections(?:\/con_[A-Za-z0-9_-]{22})?$/;

/** Where to go on after a sign-in: a page of ours spelled exactly, or the list. */
export function returnPathOf(returnTo: string): string {
  return OWN_PATHS.test(returnTo) ? returnTo : "/connections";
}
