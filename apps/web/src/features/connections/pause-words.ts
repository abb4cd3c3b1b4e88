import { COMPANIES } from "../../lib/flavours.ts";
import { relativeWords } from "../../lib/time-words.ts";
import type { Connection, Flavour, PausedLogin } from "../../lib/trpc.ts";
import type { Sentence } from "./sentence.ts";
import { cureFor } from "./state-words.ts";

type Code = NonNullable<PausedLogin["problem"]>["code"];
type PauseLook = Pick<PausedLogin, "flavour" | "problem">;

/** What stands behind a pause, as far as it is told apart: whatever else it is, the other side does not answer well. */
const CAUSES: Partial<Record<Code, (company: string) => string>> = {
  rate_limited: (company) => `${company} has asked for a pause`,
  invalid_client: (company) => `${company} does not accept this site’s app`,
  app_not_available: (company) => `${company} does not accept this site’s app`,
  permission_missing: (company) => `${company} withholds a permission from this site’s app`,
  flavour_not_configured: (company) => `${company} Login is not set up here any more`,
  token_unreadable: () => "This site cannot open the tokens it keeps",
};

/** What is, without a full stop: "Instagram has asked for a pause". */
export function pauseTitle(flavour: Flavour, code: Code | null): string {
  const cause = code === null ? undefined : CAUSES[code];
  const company = COMPANIES[flavour];
  return cause?.(company) ?? `${company} is not answering as it should`;
}

/** What it means for the person's accounts. */
export function pauseMeaning({ problem }: PauseLook): string {
  return problem?.code === "token_unreadable"
    ? "This concerns many accounts, not yours alone. Tokens are kept as they are; their renewal waits."
    : "This concerns many accounts, not yours alone. Your tokens go on working; only their renewal waits.";
}

/** What there is to do: nothing, or something for whoever runs this site. */
export function pauseAdvice({ problem }: PauseLook): string {
  return (problem === null ? null : cureFor(problem)) ?? "Nothing to do.";
}

/** When it is looked at next. Goes by people's clocks, so `deviceNow` is this device's. */
export function nextLookSentence(nextProbeAt: string, deviceNow: number): Sentence {
  const atMs = Date.parse(nextProbeAt);
  if (atMs <= deviceNow) return ["Perennial looks again just now."];
  return ["Perennial looks again ", { at: nextProbeAt, words: relativeWords(atMs, deviceNow) }, "."];
}

/** The paused login that a connection's renewal waits for; null when it does not wait. */
export function heldBackBy<Login extends Pick<PausedLogin, "flavour">>(
  { state, flavour }: Pick<Connection, "state" | "flavour">,
  paused: readonly Login[],
): Login | null {
  const isToBeRenewed = state === "due" || state === "urgent" || state === "failing";
  return (isToBeRenewed ? paused.find((login) => login.flavour === flavour) : undefined) ?? null;
}

const NO_PAUSE_POLL_MS = 60_000;
const PAUSE_POLL_MS = 15_000;
const SOONEST_POLL_MS = 5_000;
/** The probe itself takes a moment. */
const PROBE_MS = 2_000;

/**
 * How long until the list is read again, as pauses begin and end without a change to any of a person's
 * connections: while a login is paused soon after its next look, or a few times a minute; otherwise each minute.
 */
export function pausePollMs(paused: readonly Pick<PausedLogin, "nextProbeAt">[], deviceNow: number): number {
  if (paused.length === 0) return NO_PAUSE_POLL_MS;
  const waits = paused.map(({ nextProbeAt }) => Date.parse(nextProbeAt) - deviceNow + PROBE_MS);
  return Math.max(SOONEST_POLL_MS, Math.min(PAUSE_POLL_MS, ...waits));
}
