import type { AttemptBundle } from "../attempt-bundle.ts";
import { evidenceAfter } from "./diagnose.ts";
import type { Evidence, EvidenceSource } from "./gather-evidence.ts";

/**
 * A bundle as it is handed out: with what small calls of our own showed when that was asked for, so that whoever plays
 * it again is told the same causes. Null of an attempt that went well, or of one that an older version handed out.
 */
export type ExportedAttempt = AttemptBundle & { evidence: Evidence | null };

/** Adds the evidence to a bundle. */
export async function exportAttempt(
  evidenceOf: EvidenceSource,
  bundle: AttemptBundle,
): Promise<ExportedAttempt> {
  return { ...bundle, evidence: await evidenceAfter(evidenceOf, bundle) };
}
