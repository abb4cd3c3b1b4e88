/** Names of one stretch of time that are kept: more than any process sees, and no burden. */
const MOST_NAMES = 10_000;

/**
 * Says true once for each name in each stretch of time, by the clock: for what is worth writing down now and then, and
 * not with every request. Past its last place it says false, so that nobody fills anything by bringing new names.
 */
export function createOncePer(intervalMs: number, most = MOST_NAMES): (name: string, at: Date) => boolean {
  let stretch = 0;
  let seen = new Set<string>();
  return (name, at) => {
    const present = Math.floor(at.getTime() / intervalMs);
    if (present !== stretch) {
      seen = new Set();
      stretch = present;
    }
    if (seen.has(name) || seen.size >= most) return false;
    seen.add(name);
    return true;
  };
}
