export { DEFAULT_FACEBOOK_APP, DEFAULT_INSTAGRAM_APP } from "./create-world.ts";
export { readEnvironment, type CommandSettings } from "./environment.ts";
export { startSimulator } from "./start-simulator.ts";
export { SimulatorError, type SimulatorErrorCode } from "./simulator-error.ts";
export type {
  AuthorizeInput,
  FacebookTokenOptions,
  IssuedFacebookToken,
  Simulator,
  SimulatorOptions,
  TokenApp,
} from "./simulator.ts";
export type { CallbackVariant } from "./callback-variants.ts";
export type { CallbackAnswer, CallbackUrls, SendOrder } from "./callbacks.ts";
export type { ClockSettings, Duration } from "./clock.ts";
export type { EndpointName, FlavourName } from "./endpoint.ts";
export type { LoginConfiguration } from "./facebook/login-configurations.ts";
export type { FacebookSwitches } from "./facebook/people-switches.ts";
export type {
  AppRole,
  FacebookPage,
  FacebookPerson,
  NewFacebookPage,
  NewFacebookPerson,
  PagePortfolio,
  PageTask,
  PortfolioRole,
} from "./facebook/person.ts";
export type { FaultAction, FaultMatch, FaultPoint, FaultRule, FaultRuleState } from "./faults/rule.ts";
export type { Gate, GatePoint, GateRelease, GateWaiting } from "./gates.ts";
export type { ProfileVariant } from "./hostile-profiles.ts";
export type { Delivery, LedgerEntry, Outcome } from "./ledger.ts";
export type { AccountType, NewSimulatedUser, SimulatedMedia, SimulatedUser } from "./people.ts";
export type { PeopleSwitches } from "./people-switches.ts";
export type { SimulatorPolicy } from "./policy.ts";
export type { Scenario } from "./scenario.ts";
export type { Lineage, LineageToken } from "./token-lineage.ts";
export type { IssueSource, TokenKind } from "./token-record.ts";
export type { Concurrency, TokenConcurrency, TrafficRate } from "./traffic.ts";
export type { AppCredentials } from "./world.ts";
