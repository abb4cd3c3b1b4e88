import type { EndpointName, FlavourName } from "../endpoint.ts";

/** Where a rule applies: an endpoint, `any` endpoint, or the listening sockets themselves (`tcp`). */
export type FaultPoint = EndpointName | "any" | "tcp";

/** What a rule does; the package's README says how each is set up in `with`. */
export type FaultAction =
  | "authorize"
  | "capacity"
  | "debug"
  | "delay"
  | "drip"
  | "field"
  | "flood"
  | "grant"
  | "graph_error"
  | "hang"
  | "html"
  | "junk"
  | "keepalive_race"
  | "late"
  | "pages"
  | "redirect"
  | "reflect"
  | "reset"
  | "stall"
  | "status"
  | "tcp_refuse"
  | "throttle"
  | "truncate";

/** Which requests a rule looks at; all conditions have to hold. */
export type FaultMatch = {
  /** Key of a person. */
  user?: string;
  flavour?: FlavourName;
  /** Only the nth request that fits everything else, counted from 1. */
  nth?: number;
  /** Only requests presenting this authorization code. */
  code?: string;
};

/**
 * One fault, as `POST /__sim/faults` takes it. Rules are tried in the order they were added and the first one that
 * fires wins.
 */
export type FaultRule = {
  /** Made up when absent. */
  id?: string;
  at: FaultPoint;
  do: FaultAction;
  with?: Record<string, unknown>;
  match?: FaultMatch;
  /** How often it fires at most. */
  times?: number;
  /** Probability of firing, 0 to 1. */
  p?: number;
  /** Seeds `p` and every wait the rule draws. Default: drawn from the simulator's seed. */
  seed?: number;
  /** The rule is asleep before and after these real milliseconds since it was added. */
  from_ms?: number;
  to_ms?: number;
  /** Fires for `bad` requests, lets `good` ones pass, and so on. */
  cycle?: { bad: number; good: number };
};

/** A rule in force, and how often it was looked at and fired. */
export type FaultRuleState = FaultRule & { id: string; seen: number; applied: number };
