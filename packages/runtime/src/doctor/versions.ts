import { FACTS_CHECKED_AT, standingOfGraphVersion } from "@perennial/instagram";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("instagram");

/** Facts about Meta that nobody has looked through for this long may be out of date. */
const STALE_MS = 365 * 86_400_000;

/** Whether the version of Meta's API that is set will answer for the next three months. */
export function checkGraphVersion(
  { instagram, facebook }: Pick<Config, "instagram" | "facebook">,
  now: Date,
): Check[] {
  const name = instagram?.graphVersion ?? facebook?.graphVersion;
  const checks =
    name === undefined ? [green("version", "Meta's current version is used.")] : [standing(name, now)];
  if (now.getTime() - FACTS_CHECKED_AT.getTime() < STALE_MS) return checks;
  const known = FACTS_CHECKED_AT.toISOString().slice(0, 10);
  return [
    ...checks,
    amber("facts", `What is known of Meta's versions here is of ${known}.`, "Update Perennial."),
  ];
}

function standing(name: string, now: Date): Check {
  const cure = "Take GRAPH_VERSION out of the environment to use the current one.";
  const found = standingOfGraphVersion(name, now);
  switch (found.kind) {
    case "supported":
      return green("version", `GRAPH_VERSION ${name} answers for months to come.`);
    case "ending":
      return amber("version", `GRAPH_VERSION ${name} ends in ${found.daysLeft} days.`, cure);
    case "ended":
      return red("version", `GRAPH_VERSION ${name} has ended.`, cure);
    case "unknown":
      return amber(
        "version",
        `GRAPH_VERSION ${name} is newer than what is known here.`,
        "See that Meta has it.",
      );
  }
}
