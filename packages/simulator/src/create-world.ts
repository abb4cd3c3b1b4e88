import { createAuthorizationCodes } from "./authorization-codes.ts";
import { defaultCast } from "./cast.ts";
import { createClock } from "./clock.ts";
import { createFaultEngine } from "./faults/fault-engine.ts";
import { createOutages, type Listener } from "./faults/outage.ts";
import { createGates } from "./gates.ts";
import { createRedirectList } from "./instagram/redirect-list.ts";
import { createLedger } from "./ledger.ts";
import { createPeople, type NewSimulatedUser } from "./people.ts";
import { createPolicy } from "./policy.ts";
import { createRandom } from "./random.ts";
import { clockSettings } from "./scenario.ts";
import type { SimulatorOptions } from "./simulator.ts";
import type { SavedWorld } from "./state-file.ts";
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

/** What a world is made of. */
export type WorldParts = {
  options: SimulatorOptions;
  seed: number;
  /** The socket; asked for when a rule needs it. */
  listener: () => Listener;
  /** A world to go on with: it takes the place of the people, policy and clock that the options speak of. */
  saved?: SavedWorld | undefined;
  /** Called after every change of what a saved world holds. */
  changed?: () => void;
};

/**
 * Puts a world together.
 *
 * @throws {SimulatorError} naming what is wrong with the options or with the saved world.
 */
export function createWorld({
  options,
  seed,
  listener,
  saved,
  changed = () => undefined,
}: WorldParts): World {
  const { scenario = {}, baseNow = Date.now } = options;
  const random = createRandom(seed, saved?.starts);
  const clock = createClock(baseNow, changed);
  if (saved === undefined && scenario.clock !== undefined) clock.set(clockSettings(scenario.clock));
  const policy = createPolicy(clock, saved?.policy ?? { ...options.policy, ...scenario.policy }, changed);
  const timers = createTimers();
  const world: World = {
    instagramApp: { ...(options.app ?? DEFAULT_APP) },
    redirects: createRedirectList(options.redirectUris),
    clock,
    random,
    policy,
    people: createPeople(random, saved === undefined ? firstPeople(options, clock.now()) : [], changed),
    tokens: createTokenStore(random, changed),
    codes: createAuthorizationCodes(random, changed),
    ledger: createLedger(clock, baseNow, options.ledgerLimit),
    traffic: createTraffic(),
    usage: createUsageLimit(clock, policy),
    faults: createFaultEngine(baseNow, random, createOutages(timers, listener)),
    gates: createGates(),
    timers,
    latencyMs: options.latencyMs ?? 0,
    origin: "",
  };
  if (saved !== undefined) restore(world, saved);
  return world;
}

function firstPeople({ users, scenario }: SimulatorOptions, now: Date): NewSimulatedUser[] {
  return [...(users ?? defaultCast(now)), ...(scenario?.users ?? [])];
}

function restore({ clock, people, tokens, codes }: World, saved: SavedWorld): void {
  clock.restore(saved.clock);
  people.restore(saved.people);
  tokens.restore(saved.lineages, people.everKnown);
  codes.restore(saved.codes, people.everKnown);
}
