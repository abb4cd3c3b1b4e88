import type { AuthorizationCodes } from "./authorization-codes.ts";
import type { Clock } from "./clock.ts";
import type { FaultEngine } from "./faults/fault-engine.ts";
import type { Gates } from "./gates.ts";
import type { RedirectList } from "./instagram/redirect-list.ts";
import type { Ledger } from "./ledger.ts";
import type { People } from "./people.ts";
import type { PolicyStore } from "./policy.ts";
import type { Random } from "./random.ts";
import type { Timers } from "./timers.ts";
import type { TokenStore } from "./tokens.ts";
import type { Traffic } from "./traffic.ts";
import type { UsageLimit } from "./usage-limit.ts";

/** An app's id and secret for one flavour. */
export type AppCredentials = { clientId: string; clientSecret: string };

/** Everything one simulator knows. Endpoints of every flavour are handed it. */
export type World = {
  readonly instagramApp: AppCredentials;
  readonly redirects: RedirectList;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: PolicyStore;
  readonly people: People;
  readonly tokens: TokenStore;
  readonly codes: AuthorizationCodes;
  readonly ledger: Ledger;
  readonly traffic: Traffic;
  readonly usage: UsageLimit;
  readonly faults: FaultEngine;
  readonly gates: Gates;
  readonly timers: Timers;
  /** Fixed real delay of every provider answer. */
  readonly latencyMs: number;
  /** Where the simulator listens; known once it does. */
  origin: string;
};
