import { InstagramError, TransportError, type Login } from "@perennial/instagram";

import { checksOf, type Check } from "./check.ts";
import { PLACES } from "./dashboard-places.ts";

const { green, red, unchecked } = checksOf("instagram");

const NAMES = { instagram: "Instagram", facebook: "Facebook" } as const;
const ACCEPTED = {
  instagram: "Instagram accepts the app's secret. The app id is proved by a sign-in only.",
  facebook: "Facebook accepts the app's id and secret.",
} as const;
const CURES = {
  instagram: `Copy the Instagram app id and secret; those of Settings > Basic will not do. ${PLACES.instagram.pair}.`,
  facebook: `Copy the Meta app id and secret; the Instagram pair will not do. ${PLACES.facebook.pair}.`,
} as const;

/**
 * Whether Meta accepts the app of a login, asked without a person. In its stead the simulator may be asked. Where it
 * refuses, `elsewhere`, the other login with this app, tells whether the pair is the other's.
 */
export async function checkCredentials(login: Login, elsewhere: Login, isSimulated: boolean): Promise<Check> {
  const { flavour } = login;
  const refusal = await refusalOf(login);
  if (refusal === null) return await accepted(flavour, elsewhere);
  if (refusal.code === "invalid_client") return await refused(flavour, refusal, elsewhere);
  if (refusal.cause instanceof TransportError)
    return unchecked(
      flavour,
      `${NAMES[flavour]} cannot be reached from here: whether it accepts the app was not checked.`,
      isSimulated
        ? "Start the simulator: `npx pnpm@12 simulator`"
        : "Look at the network of this machine, then try again.",
    );
  return unchecked(
    flavour,
    `${NAMES[flavour]} answered otherwise (${refusal.code}): whether it accepts the app was not checked.`,
    "Try again in a while.",
  );
}

/**
 * Instagram is told the secret alone. Facebook knows the ids of Meta's apps, and no Instagram app's: it tells whether
 * the id is the other one of the two that the dashboard shows.
 */
async function accepted(flavour: Login["flavour"], elsewhere: Login): Promise<Check> {
  const isIdOfOther =
    flavour === "instagram" && (await refusalOf(elsewhere))?.reason === "client_secret_wrong";
  if (!isIdOfOther) return green(flavour, ACCEPTED[flavour]);
  const message = "INSTAGRAM_CLIENT_ID is the Meta app's id; the secret is the Instagram app's, and right.";
  return red(flavour, message, CURES[flavour]);
}

async function refused(
  flavour: Login["flavour"],
  { reason }: InstagramError,
  elsewhere: Login,
): Promise<Check> {
  const variables = `${flavour.toUpperCase()}_CLIENT_ID and ${flavour.toUpperCase()}_CLIENT_SECRET`;
  const isOfOther = (await refusalOf(elsewhere)) === null;
  if (isOfOther) {
    const message = `${variables} hold the pair of ${NAMES[elsewhere.flavour]}'s app: ${NAMES[flavour]} refuses it.`;
    return red(flavour, message, CURES[flavour]);
  }
  const what = reason === "app_unknown" ? "does not know this app id" : "refuses this app's id or secret";
  return red(flavour, `${NAMES[flavour]} ${what}.`, CURES[flavour]);
}

async function refusalOf(login: Login): Promise<InstagramError | null> {
  try {
    await login.checkCredentials();
    return null;
  } catch (error) {
    if (error instanceof InstagramError) return error;
    throw error;
  }
}
