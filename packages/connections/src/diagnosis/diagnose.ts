import type { AttemptBundle } from "../attempt-bundle.ts";
import { catalogueEntry } from "../catalogue/catalogue.ts";
import type { CatalogueEntry } from "../catalogue/entry.ts";
import { COPY_SECRET } from "../catalogue/upstream-sign-in.ts";
import { cureOf } from "../cure-of.ts";
import { EXPLANATIONS } from "../explanations.ts";
import type { AttemptStep } from "../transcript.ts";
import { NO_EVIDENCE, type Evidence, type EvidenceSource } from "./gather-evidence.ts";
import { rankCauses, type RankedCause } from "./rank-causes.ts";

/** A failure, explained: what it means, its causes with what speaks for them, and what to do. */
export type Diagnosis = { message: string; cure: string; retryable: boolean; causes: RankedCause[] } & Omit<
  CatalogueEntry,
  "causes"
>;

/**
 * Explains a failure by what small calls of our own show: they take no person, no token and no code. Null for an
 * attempt that went well.
 */
export async function diagnose(evidenceOf: EvidenceSource, bundle: AttemptBundle): Promise<Diagnosis | null> {
  return explainAttempt(bundle, await evidenceAfter(evidenceOf, bundle));
}

/** What small calls show about an attempt; null of one that went well. */
export async function evidenceAfter(
  evidenceOf: EvidenceSource,
  { code, upstreamReason, flavour, steps }: AttemptBundle,
): Promise<Evidence | null> {
  if (code === null) return null;
  return await evidenceOf({ code, upstreamReason, flavour, failedAt: endOf(steps) });
}

/** The same by evidence that is there already, if any is. */
export function explainAttempt(
  { kind, code, upstreamReason, flavour, steps: calls, missingScopes }: AttemptBundle,
  evidence: Evidence | null,
): Diagnosis | null {
  if (code === null) return null;
  const during = kind === "sign_in" ? "sign_in" : "upkeep";
  const { message, retryable } = EXPLANATIONS[code];
  const { meaning, endedBy, steps: known, link } = catalogueEntry(code, upstreamReason, during);
  const attempt = { code, upstreamReason, flavour, steps: calls, during, missingScopes } as const;
  const seen = evidence ?? NO_EVIDENCE;
  const causes = rankCauses(attempt, seen);
  // What was proved to be right is not to be mended.
  const steps =
    seen.credentials === "accepted"
      ? { ...known, operator: known.operator.filter((step) => step !== COPY_SECRET) }
      : known;
  return { message, cure: cureOf(code, during), retryable, causes, meaning, endedBy, steps, link };
}

/** When the last call was over; null where there was none. */
function endOf(calls: readonly AttemptStep[]): Date | null {
  const ends = calls.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}
