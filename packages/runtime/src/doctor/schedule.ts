import { outageSurvivedMs } from "@perennial/connections";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green } = checksOf("schedule");
const DAY_MS = 86_400_000;

/** How long an outage is survived for certain. Less than seven days is refused with the settings. */
export function checkSchedule({ schedule }: Pick<Config, "schedule">): Check[] {
  const days = (outageSurvivedMs(schedule) / DAY_MS).toFixed(1);
  return [green("outage", `An outage of ${days} days is survived for certain ("${schedule.cron}").`)];
}
