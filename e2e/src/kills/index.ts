export { runKillCampaign, type CampaignOptions } from "./campaign.ts";
export { pauseAndResume, type PauseReport } from "./pause.ts";
export { KILL_PHASES, type KillPhase } from "./points.ts";
export { spread, summarize, type KillSummary } from "./summary.ts";
export type { KillOutcome, RotationPolicy } from "./trial.ts";
