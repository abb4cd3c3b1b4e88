import type { Engine } from "./attempt.ts";
import { probePausedApps } from "./probe-apps.ts";
import { settleAbandoned } from "./sweep.ts";
import type { SweepOptions } from "./sweep-options.ts";

/**
 * What cannot wait for the next sweep: settles what a crash has left, and probes apps that are paused. True when
 * an app has recovered, and its connections are due.
 *
 * @throws what the store throws.
 */
export async function tend(engine: Engine, options: SweepOptions): Promise<boolean> {
  const { deps, guard } = engine;
  const breakers = await guard.openBreakers();
  // While all is paused there is nothing to settle, and among all that is held up it would be searched for in vain.
  const isAllPaused = Object.values(deps.logins).every((login) =>
    breakers.some(({ flavour, appId }) => flavour === login.flavour && appId === login.clientId),
  );
  if (!isAllPaused) await settleAbandoned(engine, options);
  return breakers.length > 0 && (await probePausedApps(engine, options));
}
