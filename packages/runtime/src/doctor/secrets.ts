import type { Config } from "../config.ts";
import type { Environment } from "../environment.ts";
import { checksOf, type Check } from "./check.ts";
import { PLACES } from "./dashboard-places.ts";
import { secretValues } from "./secret-values.ts";

const { green, amber, red } = checksOf("secrets");

/** Meta's app ids have fifteen or sixteen digits today. */
const USUAL_ID = /^\d{10,20}$/;
const USUAL_SECRET = /^[0-9a-f]{32}$/;
/** Bundlers ship variables with these names to every browser. */
const SHIPPED = /^(?:VITE|NEXT_PUBLIC)_/i;

/** Whether ids and secrets look like Meta's. Whether they are right is for Meta to say. */
export function checkShapes({
  instagram,
  facebook,
  simulator,
}: Pick<Config, "instagram" | "facebook" | "simulator">): Check[] {
  if (simulator !== null) return [green("shape", "The simulator's own id and secret are used.")];
  return [...shapeOf("instagram", instagram), ...shapeOf("facebook", facebook)];
}

function shapeOf(flavour: "instagram" | "facebook", login: Config["instagram"]): Check[] {
  if (login === null) return [];
  const { clientId, clientSecret } = login.app;
  const prefix = `${flavour.toUpperCase()}_CLIENT`;
  const cure = `Copy it once more. ${PLACES[flavour].pair}.`;
  const odd = [
    ...(USUAL_ID.test(clientId)
      ? []
      : [`${prefix}_ID has ${clientId.length} digits; app ids have fifteen or so.`]),
    ...(USUAL_SECRET.test(clientSecret)
      ? []
      : [`${prefix}_SECRET is not 32 hexadecimal digits, as app secrets are.`]),
  ];
  if (odd.length > 0) return [amber(`${flavour}_shape`, odd.join(" "), cure)];
  return [
    green(`${flavour}_shape`, `${prefix}_ID and ${prefix}_SECRET look like an app id and an app secret.`),
  ];
}

/** Whether a variable that bundlers ship holds a secret. Names that say so are refused with the settings. */
export function checkShipped(environment: Environment): Check {
  const secrets = secretValues(environment);
  for (const [name, value = ""] of Object.entries(environment)) {
    if (!SHIPPED.test(name)) continue;
    const held = secrets.find((secret) => value.includes(secret.value));
    if (held === undefined) continue;
    const cure = `Take it out of ${name}, and take a new secret: a bundle may hold this one.`;
    return red("shipped", `${name} holds the value of ${held.name}, and is shipped to every browser.`, cure);
  }
  return green("shipped", "No variable that is shipped to browsers (VITE_, NEXT_PUBLIC_) holds a secret.");
}
