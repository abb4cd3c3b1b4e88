import { redirectUriOf } from "@perennial/connections";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber } = checksOf("redirects");

const LISTS = {
  instagram: "Instagram > API setup with Instagram login > Business login settings",
  facebook: "Facebook Login for Business > Settings",
} as const;

/** The addresses that have to be registered at Meta, character by character. Nobody can ask Meta whether they are. */
export function checkRedirects({
  appUrl,
  instagram,
  facebook,
  simulator,
}: Pick<Config, "appUrl" | "instagram" | "facebook" | "simulator">): Check[] {
  const flavours = [
    ...(instagram === null ? [] : (["instagram"] as const)),
    ...(facebook === null ? [] : (["facebook"] as const)),
  ];
  return flavours.map((flavour) => {
    const address = redirectUriOf(appUrl, flavour);
    if (simulator !== null) return green(flavour, `The simulator knows ${address}.`);
    if (!address.startsWith("https:"))
      return amber(
        flavour,
        `Meta wants https: ${address} cannot be registered.`,
        "Set APP_URL to an https address.",
      );
    const where = `App dashboard, ${LISTS[flavour]}.`;
    return green(flavour, `To be registered exactly so: ${address}`, where, address);
  });
}
