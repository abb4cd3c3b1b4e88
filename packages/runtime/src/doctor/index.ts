export { CHECK_GROUPS, type Check, type CheckGroup, type CheckLevel } from "./check.ts";
export type { DashboardStep } from "./dashboard-steps.ts";
export { diagnose, type DiagnoseOptions } from "./diagnose.ts";
export type { DoctorReport } from "./report.ts";
