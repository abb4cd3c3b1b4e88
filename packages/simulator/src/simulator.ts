import type { CallbackAnswer, CallbackUrls, SendOrder } from "./callbacks.ts";
import type { ClockSettings, Duration } from "./clock.ts";
import type { FacebookSwitches } from "./facebook/people-switches.ts";
import type { NewFacebookPerson } from "./facebook/person.ts";
import type { LoginConfiguration } from "./facebook/login-configurations.ts";
import type { FaultRule, FaultRuleState } from "./faults/rule.ts";
import type { Gate, GateRelease, GateWaiting } from "./gates.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { NewSimulatedUser } from "./people.ts";
import type { PeopleSwitches } from "./people-switches.ts";
import type { SimulatorPolicy } from "./policy.ts";
import type { Scenario } from "./scenario.ts";
import type { Lineage } from "./token-lineage.ts";
import type { Concurrency, TrafficRate } from "./traffic.ts";
import type { AppCredentials } from "./world.ts";

/** How a simulator is started. Everything has a default. */
export type SimulatorOptions = {
  /** Default 0: any free port. */
  port?: number;
  /** A loopback address. Default 127.0.0.1. */
  host?: string;
  /** The app registered with this Instagram. */
  app?: AppCredentials;
  /** The exact registered list. Absent: `/auth/instagram/callback` of any port of this machine. */
  redirectUris?: string[];
  /** Where Facebook listens. Default: the port after `port`, or any free one when that is 0. */
  facebookPort?: number;
  /** The app registered with this Facebook. */
  facebookApp?: AppCredentials;
  /** Its exact registered list. Absent: `/auth/facebook/callback` of any port of this machine. */
  facebookRedirectUris?: string[];
  /** Who has a Facebook account. Default: the Facebook cast, which the default cast's Instagram accounts belong to. */
  facebookPeople?: NewFacebookPerson[];
  /** What state-changing `/__sim` calls have to send as `x-sim-secret`. Default: random. */
  controlSecret?: string;
  /** Who lives here. Default: the cast. */
  users?: NewSimulatedUser[];
  policy?: Partial<SimulatorPolicy>;
  scenario?: Scenario;
  /** The real time in milliseconds. Default `Date.now`. */
  baseNow?: () => number;
  /** Fixed real delay of every Instagram answer, in milliseconds. */
  latencyMs?: number;
  /** For tokens, ids and probabilistic faults. Default: random. */
  seed?: number;
  /** How many ledger entries are kept; counts go on regardless. Default: all. */
  ledgerLimit?: number;
  /** Where deauthorize and deletion callbacks go. */
  callbacks?: CallbackUrls;
  /**
   * Where people, tokens, codes, policy and clock outlive a restart. When the file is there, it takes the place of
   * `users`, `policy` and the scenario's people, policy and clock. Default: nowhere.
   */
  stateFile?: string;
  /** Told in a sentence when the state file could not be used or written. Default: a warning of the process. */
  notify?: (sentence: string) => void;
};

/** A person's answer at the consent page. */
export type AuthorizeInput = {
  /** The address the app would send the browser to. */
  authorizationUrl: string;
  /** Key of the person. */
  user: string;
  /** Default `allow`. */
  decision?: "allow" | "refuse";
  /** Scopes the person unticks. */
  untick?: string[];
  /** Facebook only: ids of the Pages the person shares. Default: all of theirs. */
  pages?: string[];
};

/** Which app a token is issued to: the one that is registered, or one that is none of ours. */
export type TokenApp = "own" | "foreign";

/** What kind of Facebook token to issue, and what it may do. */
export type FacebookTokenOptions = {
  /** Default `long_lived`. */
  kind?: "short_lived" | "long_lived" | "system_user";
  /** Added to what the person granted before. Default: what Instagram by way of Facebook takes. */
  permissions?: string[];
  /** Ids of the Pages the person shares. Default: all of theirs. */
  pages?: string[];
  /** Gives the token of this Page that goes with the user token. */
  page?: string;
  app?: TokenApp;
};

/** A token that was issued outside every login. `expiresAt` is null for one without an end. */
export type IssuedFacebookToken = { value: string; issuedAt: Date; expiresAt: Date | null };

/** A local Instagram and Facebook. Ends with `close()` or at the end of an `await using` block. */
export type Simulator = AsyncDisposable & {
  /** `http://127.0.0.1:PORT`; authorize, api and graph paths of Instagram Login are all served here. */
  readonly origin: string;
  /** `http://127.0.0.1:PORT`; Facebook's dialog and graph paths are both served here, and nothing of Instagram's. */
  readonly facebookOrigin: string;
  readonly instagramApp: AppCredentials;
  readonly facebookApp: AppCredentials;
  /** Apps that exist but are none of ours: their tokens are real, and no good to us. */
  readonly foreignInstagramApp: AppCredentials;
  readonly foreignFacebookApp: AppCredentials;
  /** What may be named as `config_id`. */
  readonly loginConfigurations: readonly LoginConfiguration[];
  readonly controlSecret: string;
  readonly seed: number;
  /** The virtual clock; tokens, codes and rate limits live by it. */
  readonly clock: {
    now(): Date;
    advance(by: Duration): void;
    set(settings: ClockSettings): void;
    state(): { nowMs: number; offsetMs: number; rate: number };
  };
  readonly faults: {
    /** Adds a rule and gives its id. */
    add(rule: FaultRule): string;
    list(): FaultRuleState[];
    /** Removes one rule, or all. */
    clear(id?: string): void;
  };
  readonly gates: {
    /** Adds a gate and gives its id. */
    add(gate: Gate): string;
    list(): Gate[];
    waiting(): GateWaiting[];
    /** Resolves once a request waits at the gate. */
    waitFor(gateId: string): Promise<GateWaiting>;
    /** Lets one waiting request go on; given a gate's id, opens the gate for good and lets everything there go on. */
    release(id: string, options?: { reply?: GateRelease }): void;
  };
  readonly policy: { get(): SimulatorPolicy; set(change: Partial<SimulatorPolicy>): void };
  readonly users: PeopleSwitches;
  /** Facebook people and what can happen to them. */
  readonly facebook: FacebookSwitches;
  /** Every request, in order of arrival; optionally only those after a sequence number. */
  ledger(after?: number, limit?: number): LedgerEntry[];
  /** Every token ever issued. */
  lineages(): Lineage[];
  concurrency(): Concurrency;
  rate(): TrafficRate;
  /** Forgets ledger, concurrency marks and rates; tokens and sequence numbers go on. */
  resetLedger(): void;
  /**
   * Plays a person at the consent page without a browser.
   *
   * @returns the redirect address the browser would be sent to.
   * @throws {SimulatorError} `authorization_stopped` when the person would be left on an error page.
   */
  authorize(input: AuthorizeInput): Promise<string>;
  /** Issues a long-lived token as the dashboard's "Generate token" does. */
  issueLongLivedToken(
    user: string,
    options?: { permissions?: string[]; app?: TokenApp },
  ): { value: string; issuedAt: Date; expiresAt: Date };
  /** Issues a Facebook token as the dashboard's tools do; this counts as the person's coming back. */
  issueFacebookToken(person: string, options?: FacebookTokenOptions): IssuedFacebookToken;
  /** Sends deauthorize or deletion callbacks to the app and gives its answers. */
  send(order: SendOrder): Promise<CallbackAnswer[]>;
  /** Ends at once; requests under way are cut. With a state file, saves for the last time. */
  close(): Promise<void>;
};
