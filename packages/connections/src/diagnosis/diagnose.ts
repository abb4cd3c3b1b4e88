import type { AttemptBundle } from "../attempt-bundle.ts";
import { catalogueEntry } from "../catalogue/catalogue.ts";
import type { CatalogueEntry } from "../catalogue/entry.ts";
import { EXPLANATIONS } from "../explanations.ts";
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
  return bundle.code === null ? null : explainAttempt(bundle, await evidenceOf(bundle.flavour));
}

/** The same by evidence that is there already, if any is. */
export function explainAttempt(
  { code, upstreamReason, flavour, steps: calls }: AttemptBundle,
  evidence: Evidence | null,
): Diagnosis | null {
  if (code === null) return null;
  const { message, cure, retryable } = EXPLANATIONS[code];
  const { meaning, endedBy, steps, link } = catalogueEntry(code, upstreamReason);
  const causes = rankCauses({ code, upstreamReason, flavour, steps: calls }, evidence ?? NO_EVIDENCE);
  return { message, cure, retryable, causes, meaning, endedBy, steps, link };
}
