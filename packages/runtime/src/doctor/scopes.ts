import { SCOPES_ASKED_FOR } from "@perennial/connections";
import { FACEBOOK_SCOPES, INSTAGRAM_SCOPES, standingOfName } from "@perennial/instagram";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("scopes");

type Flavour = keyof typeof SCOPES_ASKED_FOR;

const NAMES = { instagram: "Instagram Login", facebook: "Facebook Login" } as const;
const FAMILIES: Readonly<Record<Flavour, ReadonlySet<string>>> = {
  instagram: new Set(INSTAGRAM_SCOPES.map(({ name }) => name)),
  facebook: new Set(FACEBOOK_SCOPES.map(({ name }) => name)),
};
const CURE = "Update Perennial, which asks for what there is.";

/** Whether each login asks for scopes that are its own and will be. */
export function checkScopes(
  { instagram, facebook }: Pick<Config, "instagram" | "facebook">,
  now: Date,
  asked: Readonly<Record<Flavour, readonly string[]>> = SCOPES_ASKED_FOR,
): Check[] {
  return [
    ...(instagram === null ? [] : [checkOne("instagram", asked.instagram, now)]),
    ...(facebook === null ? [] : [checkOne("facebook", asked.facebook, now)]),
  ];
}

function checkOne(flavour: Flavour, scopes: readonly string[], now: Date): Check {
  const endings = scopes.flatMap((scope) => {
    const standing = standingOfName("scope", scope, now);
    return standing === null ? [] : [{ scope, ...standing }];
  });
  const ended = endings.filter(({ kind }) => kind === "ended");
  if (ended.length > 0) {
    const said = ended.map(({ scope, instead }) => `${scope} (now ${instead})`).join(", ");
    return red(flavour, `${NAMES[flavour]} asks for scopes that have ended: ${said}.`, CURE);
  }
  const foreign = scopes.filter((scope) => !FAMILIES[flavour].has(scope));
  if (foreign.length > 0)
    return red(
      flavour,
      `${NAMES[flavour]} asks for scopes that are not its own: ${foreign.join(", ")}.`,
      CURE,
    );
  const [ending] = endings.filter(({ kind }) => kind === "ending");
  if (ending?.kind === "ending")
    return amber(flavour, `The scope ${ending.scope} ends in ${ending.daysLeft} days.`, CURE);
  return green(
    flavour,
    `${NAMES[flavour]} asks for scopes of its own, and none of them ends: ${scopes.join(", ")}.`,
  );
}
