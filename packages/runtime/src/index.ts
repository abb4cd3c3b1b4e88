export { backUp, restore, verifyBackup, type RecordedBackup, type RestoreRequest } from "./backup.ts";
export { SimulatorAwayError, type Clock, type FollowedClock } from "./clock.ts";
export { ConfigError, readConfig, type Config } from "./config.ts";
export { SIMULATOR_CLIENT_ID, SIMULATOR_FACEBOOK_CLIENT_ID } from "./config-apps.ts";
export { developmentSecrets, type DevelopmentSecrets } from "./development-secrets.ts";
export {
  CHECK_GROUPS,
  diagnose,
  type Check,
  type CheckGroup,
  type CheckLevel,
  type DashboardStep,
  type DiagnoseOptions,
  type DoctorReport,
} from "./doctor/index.ts";
export { loadEnvironment, workspaceRoot, type Environment } from "./environment.ts";
export { openKeyRotation, writeSecretFile, type ChangedRing, type KeyRotation } from "./key-rotation.ts";
export {
  abandonMove,
  isDatabaseAddress,
  moveHouse,
  type MoveAddresses,
  type MoveRequest,
} from "./move-house.ts";
export { goingLiveGuide, type Guide, type GuideSection, type GuideStep } from "./going-live/guide.ts";
export type { Heartbeat } from "./heartbeat.ts";
export { openLog, withoutSecrets, type Log } from "./log.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { openRuntime, type Runtime } from "./open-runtime.ts";
export {
  REPLAY_APP_URL,
  parseBundle,
  replay,
  type Ending,
  type ReplayReport,
  type ReplaySimulator,
} from "./replay/index.ts";
export { runApp, type RunningApp } from "./run-app.ts";
export {
  DEFAULT_SCENARIO,
  ScenarioError,
  simulate,
  type Outage,
  type OutageReport,
  type Scenario,
  type SimulationProgress,
  type SimulationReport,
} from "./simulate/index.ts";
export {
  BackupError,
  MoveError,
  StoreError,
  describeAtWork,
  type BackupProgress,
  type MoveProgress,
  type MoveReport,
  type RestoreReport,
  type VerifiedBackup,
} from "@perennial/db";
