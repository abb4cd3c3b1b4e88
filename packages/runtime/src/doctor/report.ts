import type { Check } from "./check.ts";
import type { DashboardStep } from "./dashboard-steps.ts";

/** What the doctor found, and what it cannot find out. */
export type DoctorReport = {
  checkedAt: Date;
  /** Whether the simulator plays Instagram and Facebook: then nobody has to do the steps yet. */
  isSimulated: boolean;
  /** In the order of the groups. */
  checks: Check[];
  /** What only a person can see to, in the order it is done; empty while the settings cannot be read. */
  steps: DashboardStep[];
};
