import type { AuthorizationCodes } from "./authorization-codes.ts";
import type { Clock } from "./clock.ts";
import type { FacebookWorld } from "./facebook/facebook-world.ts";
import type { FaultEngine } from "./faults/fault-engine.ts";
import type { Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import type { RedirectList } from "./meta/redirect-list.ts";
import type { People, SimulatedUser } from "./people.ts";
import type { PolicyStore } from "./policy.ts";
import type { Random } from "./random.ts";
import type { Timers } from "./timers.ts";
import type { TokenStore } from "./tokens.ts";
import type { Traffic } from "./traffic.ts";
import type { UsageLimit } from "./usage-limit.ts";

/** An app's id and secret for one flavour. */
export type AppCredentials = { clientId: string; clientSecret: string };

/**
 * Everything one simulator knows, as one of its hosts sees it: only `usage` and `origin` differ from host to host. People,
 * tokens and codes at the top are Instagram's.
 */
export type World = {
  readonly instagramApp: AppCredentials;
  /** An Instagram app that is none of ours. */
  readonly foreignInstagramApp: AppCredentials;
  readonly redirects: RedirectList;
  readonly facebook: FacebookWorld;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: PolicyStore;
  readonly people: People;
  readonly tokens: TokenStore<SimulatedUser>;
  readonly codes: AuthorizationCodes<SimulatedUser>;
  readonly ledger: Ledger;
  readonly traffic: Traffic;
  readonly usage: UsageLimit;
  readonly faults: FaultEngine;
  readonly gates: Gates;
  readonly timers: Timers;
  /** Fixed real delay of every provider answer. */
  readonly latencyMs: number;
  /** Where this host listens; known once it does. */
  origin: string;
};
