import type { FaultRule } from "@perennial/simulator";

/** Who ends a failure, in the page's words. */
export type EndedBy =
  | "Passes by itself"
  | "You can end it"
  | "For whoever runs this site"
  | "A matter of what was sent";

/** What a failure page says: the cause that it names first, and who ends it. */
export type Stop = {
  first: RegExp;
  endedBy: EndedBy;
  /** Meta's trace id came with the answer. */
  hasTrace?: boolean;
  /** The address was of no attempt: nothing was called, and nothing more can be found out. */
  isOfNoAttempt?: boolean;
};

/** Where a sign-in ends that no failure page is for: what its heading and its text say. */
export type Page = { heading: RegExp; says: RegExp };

/** A fault of the simulator in a sign-in, and what the person sees of it. */
export type Case = {
  /** Its number in the catalogue of faults, or the requirement that it proves. */
  id: string;
  what: string;
  faults?: readonly FaultRule[];
  /** Who signs in; somebody with whom all is well unless named. */
  person?: string;
  untick?: readonly string[];
  decision?: "refuse";
  policy?: Readonly<Record<string, unknown>>;
  /** What happens to the person between the login page and ours: a switch of the simulator. */
  meanwhile?: readonly [name: string, body: object];
  ends: Stop | Page;
};

/**
 * Faults of the answers at one endpoint. An exchange of a code fails once: what is asked at the same place afterwards,
 * to find the cause, is answered.
 */
export function faultsAt(at: FaultRule["at"]) {
  const rule = (name: FaultRule["do"], settings: Record<string, unknown>): FaultRule[] => [
    { at, do: name, with: settings, ...(at === "code" ? { times: 1 } : {}) },
  ];
  return {
    answer: (name: FaultRule["do"], settings: Record<string, unknown> = {}) => rule(name, settings),
    graph: (code: number, more: Record<string, unknown> = {}) => rule("graph_error", { code, ...more }),
    reason: (reason: string) => rule("graph_error", { reason }),
    throttle: (code: number, more: Record<string, unknown> = {}) => rule("throttle", { code, ...more }),
  };
}

/** The cause is whoever runs the site's to end. */
export const forOperator = (first: RegExp, more: Partial<Stop> = {}): Stop => ({
  first,
  endedBy: "For whoever runs this site",
  ...more,
});
/** The cause is the person's to end. */
export const forPerson = (first: RegExp, more: Partial<Stop> = {}): Stop => ({
  first,
  endedBy: "You can end it",
  ...more,
});
/** The cause passes. */
export const passing = (first: RegExp, more: Partial<Stop> = {}): Stop => ({
  first,
  endedBy: "Passes by itself",
  ...more,
});

/** With a trace id of Meta's. */
export const TRACED = { hasTrace: true } as const;

/** What a fault that is over looks like: asked again, the company answers, or it answered all the other calls. */
export const PASSED = /It has passed|hit one call only/;

/** No fault to a person: all is connected. */
export const CONNECTED: Page = { heading: /^Connections$/, says: /Healthy/ };
/** The person said no, or that is what arrived. */
export const DENIED: Page = { heading: /chose not to connect/, says: /change your mind/ };
