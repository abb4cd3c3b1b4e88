export type { OutageReport } from "./recovery.ts";
export type { SimulationReport } from "./report.ts";
export { DEFAULT_SCENARIO, ScenarioError, type Outage, type Scenario } from "./scenario.ts";
export { simulate, type SimulationProgress } from "./simulate.ts";
