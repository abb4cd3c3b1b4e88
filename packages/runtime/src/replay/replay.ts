import {
  explainAttempt,
  type AttemptBundle,
  type Diagnosis,
  type ExportedAttempt,
} from "@perennial/connections";

import { replayAttempt, type ReplaySimulator } from "./replay-attempt.ts";

/** How an attempt ended. */
export type Ending = Pick<AttemptBundle, "code" | "upstreamReason" | "step">;

/** What came of playing an attempt again. */
export type ReplayReport = Pick<AttemptBundle, "kind" | "flavour"> & {
  /** As it was exported. */
  recorded: Ending;
  /** As it ends by this version. */
  replayed: Ending;
  isSame: boolean;
  /** Why it fails, by the calls of the replay and the evidence of the export; null when it goes well. */
  diagnosis: Diagnosis | null;
};

/** Plays an exported attempt again, and explains how it ends. */
export async function replay(exported: ExportedAttempt, simulator: ReplaySimulator): Promise<ReplayReport> {
  const again = await replayAttempt(exported, simulator);
  const recorded = endingOf(exported);
  const replayed = endingOf(again);
  const isSame =
    recorded.code === replayed.code &&
    recorded.upstreamReason === replayed.upstreamReason &&
    recorded.step === replayed.step;
  const { kind, flavour } = exported;
  return { kind, flavour, recorded, replayed, isSame, diagnosis: explainAttempt(again, exported.evidence) };
}

function endingOf({ code, upstreamReason, step }: AttemptBundle): Ending {
  return { code, upstreamReason, step };
}
