import type { World } from "../world.ts";

/** Life of a long-lived token: sixty days come out as about 5183944 seconds; short ones of tests stay exact. */
export function longLifetimeS(world: World): number {
  const { lifetime_s: full } = world.policy.current;
  return full - Math.floor(full * 1e-5 * (0.5 + world.random.fraction()));
}
