import { redirectUriOf } from "@perennial/connections";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";
import { PLACES } from "./dashboard-places.ts";
import { isOfThisMachine } from "./own-address.ts";

const { green, amber, red } = checksOf("redirects");

type Input = Pick<Config, "appUrl" | "instagram" | "facebook" | "simulator">;

/** The addresses that have to be registered at Meta, character by character. Nobody can ask Meta whether they are. */
export function checkRedirects(config: Input): Check[] {
  const { appUrl, instagram, facebook, simulator } = config;
  const https = checkHttps(config);
  if (https.level === "red") return [https];
  const flavours = [
    ...(instagram === null ? [] : (["instagram"] as const)),
    ...(facebook === null ? [] : (["facebook"] as const)),
  ];
  const addresses = flavours.map((flavour) => {
    const address = redirectUriOf(appUrl, flavour);
    if (simulator !== null) return green(flavour, `The simulator knows ${address}.`);
    const where = `${PLACES[flavour].addresses}.`;
    return green(flavour, `To be registered exactly so: ${address}`, where, address);
  });
  return [https, ...addresses];
}

/** Meta registers https addresses; Facebook takes http://localhost, too, while an app is in development. */
function checkHttps({ appUrl, instagram, simulator }: Input): Check {
  if (appUrl.startsWith("https:")) return green("https", "People come back over https.");
  if (simulator !== null) return green("https", "The simulator asks for no https.");
  const cure =
    "Set APP_URL to an https address. With https://localhost:5173 the development server speaks TLS by itself; elsewhere a proxy or a tunnel does.";
  if (instagram === null && isOfThisMachine(appUrl)) {
    const message = `Facebook takes ${appUrl} only while the app is in development.`;
    return amber("https", message, cure);
  }
  return red("https", `Meta wants https: no address of ${appUrl} can be registered.`, cure);
}
