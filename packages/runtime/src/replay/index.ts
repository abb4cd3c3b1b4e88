export { parseBundle } from "./parse-bundle.ts";
export { REPLAY_APP_URL, type ReplaySimulator } from "./replay-attempt.ts";
export { replay, type Ending, type ReplayReport } from "./replay.ts";
