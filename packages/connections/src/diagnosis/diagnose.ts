import type { AttemptBundle } from "../attempt-bundle.ts";
import { catalogueEntry } from "../catalogue/catalogue.ts";
import type { CatalogueEntry } from "../catalogue/entry.ts";
import { EXPLANATIONS } from "../explanations.ts";
import type { EvidenceSource } from "./gather-evidence.ts";
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
export async function diagnose(
  evidenceOf: EvidenceSource,
  { code, upstreamReason, flavour, steps: calls }: AttemptBundle,
): Promise<Diagnosis | null> {
  if (code === null) return null;
  const { message, cure, retryable } = EXPLANATIONS[code];
  const { meaning, endedBy, steps, link } = catalogueEntry(code, upstreamReason);
  const causes = rankCauses({ code, upstreamReason, flavour, steps: calls }, await evidenceOf(flavour));
  return { message, cure, retryable, causes, meaning, endedBy, steps, link };
}
