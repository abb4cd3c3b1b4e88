import { openLane, type LaneOptions } from "./lane.ts";
import { KILL_PHASES, type KillPhase } from "./points.ts";
import { killOnce, type KillOutcome, type RotationPolicy } from "./trial.ts";

/** How a campaign goes. */
export type CampaignOptions = LaneOptions & {
  policies: readonly RotationPolicy[];
  /** Kills in each phase under each policy. */
  killsEach: number;
  /** All of them unless given; one that is named twice is met in its next way, too. */
  phases?: readonly KillPhase[];
  /** Databases with a worker each, killed side by side. */
  lanes: number;
  onKill?: (outcome: KillOutcome, done: number, of: number) => void;
};

/** Kills a worker in each phase of a refresh, again and again, and tells what became of each connection. */
export async function runKillCampaign(options: CampaignOptions): Promise<KillOutcome[]> {
  const phases = options.phases ?? KILL_PHASES;
  const trials = options.policies.flatMap((policy) =>
    Array.from({ length: options.killsEach }, () => phases)
      .flat()
      .map((phase, index, all) => ({ policy, phase, round: countOf(phase, all.slice(0, index)) })),
  );
  const outcomes: KillOutcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    await using stack = new AsyncDisposableStack();
    const lane = await openLane(options, stack);
    for (let index = next++; index < trials.length; index = next++) {
      const trial = trials[index];
      if (trial === undefined) return;
      const outcome = await killOnce(lane, { ...trial, index });
      outcomes.push(outcome);
      options.onKill?.(outcome, outcomes.length, trials.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.lanes, trials.length) }, work));
  return outcomes;
}

function countOf(phase: KillPhase, among: readonly KillPhase[]): number {
  return among.filter((one) => one === phase).length;
}
