import { createAuthorizationCodes } from "./authorization-codes.ts";
import { defaultCast } from "./cast.ts";
import { createClock } from "./clock.ts";
import { createFaultEngine } from "./faults/fault-engine.ts";
import { createOutages, type Listener } from "./faults/outage.ts";
import { createGates } from "./gates.ts";
import { createRedirectList } from "./instagram/redirect-list.ts";
import { createLedger } from "./ledger.ts";
import { createPeople } from "./people.ts";
import { createPolicy } from "./policy.ts";
import { createRandom } from "./random.ts";
import { clockSettings } from "./scenario.ts";
import type { SimulatorOptions } from "./simulator.ts";
import { createTimers } from "./timers.ts";
import { createTokenStore } from "./tokens.ts";
import { createTraffic } from "./traffic.ts";
import { createUsageLimit } from "./usage-limit.ts";
import type { World } from "./world.ts";

/** The app of a simulator that was given none. Constant, so that a restart does not break a configuration. */
const DEFAULT_APP = {
  clientId: "990000000000001",
  clientSecret: "SIMSEC_b7d1c2f04e6a49d38a5be9173c60d2aa",
};

/** Puts a world together: everything but the socket, which is asked for when a rule needs it. */
export function createWorld(options: SimulatorOptions, seed: number, listener: () => Listener): World {
  const { scenario = {}, baseNow = Date.now } = options;
  const random = createRandom(seed);
  const clock = createClock(baseNow);
  if (scenario.clock !== undefined) clock.set(clockSettings(scenario.clock));
  const policy = createPolicy(clock, { ...options.policy, ...scenario.policy });
  const timers = createTimers();
  const users = [...(options.users ?? defaultCast(clock.now())), ...(scenario.users ?? [])];
  return {
    instagramApp: { ...(options.app ?? DEFAULT_APP) },
    redirects: createRedirectList(options.redirectUris),
    clock,
    random,
    policy,
    people: createPeople(random, users),
    tokens: createTokenStore(random),
    codes: createAuthorizationCodes(random),
    ledger: createLedger(clock, baseNow, options.ledgerLimit),
    traffic: createTraffic(),
    usage: createUsageLimit(clock, policy),
    faults: createFaultEngine(baseNow, random, createOutages(timers, listener)),
    gates: createGates(),
    timers,
    latencyMs: options.latencyMs ?? 0,
    origin: "",
  };
}
