import { createAuthorizationCodes } from "./authorization-codes.ts";
import { defaultCast } from "./cast.ts";
import { createClock } from "./clock.ts";
import { facebookCast } from "./facebook/cast.ts";
import { createFacebookWorld } from "./facebook/facebook-world.ts";
import type { NewFacebookPerson } from "./facebook/person.ts";
import { restoreFacebook } from "./facebook/saved-facebook.ts";
import type { FlavourName } from "./endpoint.ts";
import { createFaultEngine } from "./faults/fault-engine.ts";
import { createOutages, type Listener } from "./faults/outage.ts";
import { createGates } from "./gates.ts";
import { createLedger } from "./ledger.ts";
import { createRedirectList } from "./meta/redirect-list.ts";
import { createPeople, type NewSimulatedUser, type SimulatedUser } from "./people.ts";
import { createPolicy } from "./policy.ts";
import { createRandom } from "./random.ts";
import { clockSettings } from "./scenario.ts";
import type { SimulatorOptions } from "./simulator.ts";
import type { SavedWorld } from "./state-file.ts";
import { createTimers } from "./timers.ts";
import { createTokenStore } from "./tokens.ts";
import { createTraffic } from "./traffic.ts";
import { createUsageLimit } from "./usage-limit.ts";
import type { AppCredentials, World } from "./world.ts";

/** The Instagram app of a simulator that was given none. Constant, so that a restart does not break a configuration. */
export const DEFAULT_INSTAGRAM_APP: Readonly<AppCredentials> = {
  clientId: "990000000000001",
  clientSecret: "SIMSEC_b7d1c2f04e6a49d38a5be9173c60d2aa",
};

/** The Meta app of a simulator that was given none. */
export const DEFAULT_FACEBOOK_APP: Readonly<AppCredentials> = {
  clientId: "770000000000001",
  clientSecret: "SIMSEC_4f8e6a1d90b24c7795d3e02b8c61fa57",
};

const FOREIGN_INSTAGRAM_APP: AppCredentials = {
  clientId: "990000000000999",
  clientSecret: "SIMSEC_0d52c9e7b3a84f16a6f1407b9de8c235",
};
const FOREIGN_FACEBOOK_APP: AppCredentials = {
  clientId: "770000000000999",
  clientSecret: "SIMSEC_9b30f7d2c85e4a619e47d18a60bc73f4",
};

/** What a world is made of. */
export type WorldParts = {
  options: SimulatorOptions;
  seed: number;
  /** A host's socket; asked for when a rule needs it. */
  listener: (flavour: FlavourName) => Listener;
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
    instagramApp: { ...(options.app ?? DEFAULT_INSTAGRAM_APP) },
    foreignInstagramApp: FOREIGN_INSTAGRAM_APP,
    redirects: createRedirectList(options.redirectUris, "/auth/instagram/callback"),
    facebook: createFacebookWorld({
      app: { ...(options.facebookApp ?? DEFAULT_FACEBOOK_APP) },
      foreignApp: FOREIGN_FACEBOOK_APP,
      redirects: createRedirectList(options.facebookRedirectUris, "/auth/facebook/callback"),
      random,
      people: saved === undefined ? firstFacebookPeople(options) : [],
      changed,
    }),
    clock,
    random,
    policy,
    people: createPeople(random, saved === undefined ? firstPeople(options, clock.now()) : [], changed),
    tokens: createTokenStore<SimulatedUser>({ flavour: "ig", random, changed }),
    codes: createAuthorizationCodes<SimulatedUser>(random, changed),
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

function firstFacebookPeople({ facebookPeople, scenario }: SimulatorOptions): NewFacebookPerson[] {
  return [...(facebookPeople ?? facebookCast()), ...(scenario?.facebookPeople ?? [])];
}

/** The same world with the limit and the origin of Facebook's host. */
export function seenFromFacebook(world: World): World {
  return { ...world, usage: createUsageLimit(world.clock, world.policy), origin: "" };
}

function restore({ clock, people, tokens, codes, facebook }: World, saved: SavedWorld): void {
  clock.restore(saved.clock);
  people.restore(saved.people);
  tokens.restore(saved.lineages, people.everKnown);
  codes.restore(saved.codes, people.everKnown);
  restoreFacebook(facebook, saved.facebook);
}
