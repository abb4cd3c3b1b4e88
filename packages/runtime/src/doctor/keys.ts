import { createTokenSeal } from "@perennial/connections";
import type { Store } from "@perennial/db";

import { refuseOtherKeys } from "../check-keys.ts";
import { ConfigError, type Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, red } = checksOf("keys");

/** The keys and secrets of our own. Weak ones are refused with the settings: what is told here is that none is. */
export function checkKeyStrength({
  isProduction,
  dataFolder,
}: Pick<Config, "isProduction" | "dataFolder">): Check {
  if (isProduction)
    return green("strong", "TOKEN_KEYS, JWT_SECRET and CRON_SECRET are there, and long and random enough.");
  return green(
    "strong",
    `Keys and secrets that are not set were drawn at random once, and are kept in ${dataFolder}.`,
  );
}

/** Whether the keys are those that the tokens of this database were sealed with. */
export async function checkKeys(
  store: Pick<Store, "listKeyChecks">,
  { tokenKeys }: Pick<Config, "tokenKeys">,
): Promise<Check[]> {
  const seal = createTokenSeal(tokenKeys);
  const [sealing] = seal.keyIds;
  try {
    refuseOtherKeys(await store.listKeyChecks(), seal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const cure =
      "Bring back the key that this database was used with: without it its tokens cannot be opened.";
    return error.problems.map((problem, index) => red(`problem_${index + 1}`, `${problem}.`, cure));
  }
  return [green("fit", `The keys fit the database; new tokens are sealed with "${sealing ?? ""}".`)];
}
