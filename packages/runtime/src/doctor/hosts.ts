import { FACEBOOK_ORIGINS, INSTAGRAM_ORIGINS, standingOfName } from "@perennial/instagram";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("instagram");

/** Whether calls, and people, are sent to hosts that are Meta's and will be. */
export function checkHosts(
  { origins, isProduction, simulator }: Pick<Config, "origins" | "isProduction" | "simulator">,
  now: Date,
): Check {
  if (simulator !== null) return green("hosts", "Calls go to the simulator.");
  const loginPage = origins.instagram.authorize ?? INSTAGRAM_ORIGINS.authorize;
  const standing = standingOfName("login_page", loginPage, now);
  if (standing !== null && standing.kind !== "supported") {
    const cure = `Take INSTAGRAM_AUTHORIZE_ORIGIN out of the environment, or set it to ${standing.instead}.`;
    return standing.kind === "ended"
      ? red("hosts", `The login page at ${loginPage} ${endedSince(standing.endsAt)}.`, cure)
      : amber("hosts", `The login page at ${loginPage} ends in ${standing.daysLeft} days.`, cure);
  }
  const elsewhere = [
    ...foreign("INSTAGRAM", origins.instagram, INSTAGRAM_ORIGINS),
    ...foreign("FACEBOOK", origins.facebook, FACEBOOK_ORIGINS),
  ];
  if (elsewhere.length === 0) return green("hosts", "Calls go to Meta's own hosts.");
  const message = `Some calls go elsewhere than to Meta: ${elsewhere.join(", ")}.`;
  if (!isProduction) return green("hosts", message);
  return amber("hosts", message, "Take these variables out of the environment; they are for tests.");
}

/** The variables that name another host than Meta's. */
function foreign(
  prefix: "INSTAGRAM" | "FACEBOOK",
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): string[] {
  const names = Object.keys(given).filter((name) => given[name] !== own[name]);
  return names.map((name) => `${prefix}_${name.toUpperCase()}_ORIGIN`);
}

function endedSince(endsAt: Date | null): string {
  return endsAt === null ? "never was one" : `ended on ${endsAt.toISOString().slice(0, 10)}`;
}
