import { InstagramError, TransportError, type Login } from "@perennial/instagram";

import { checksOf, type Check } from "./check.ts";

const { green, red, unchecked } = checksOf("instagram");

const NAMES = { instagram: "Instagram", facebook: "Facebook" } as const;
const ACCEPTED = {
  instagram: "Instagram accepts the app's secret. The app id is proved by a sign-in only.",
  facebook: "Facebook accepts the app's id and secret.",
} as const;
const CURES = {
  instagram:
    "Copy the Instagram app id and secret from the app dashboard, Instagram > API setup with Instagram login; those of Settings > Basic will not do.",
  facebook:
    "Copy the Meta app id and secret from the app dashboard, Settings > Basic; the Instagram pair will not do.",
} as const;

/** Whether Meta accepts the app of a login, asked without a person. In its stead the simulator may be asked. */
export async function checkCredentials(login: Login, isSimulated: boolean): Promise<Check> {
  const { flavour } = login;
  try {
    await login.checkCredentials();
    return green(flavour, ACCEPTED[flavour]);
  } catch (error) {
    if (!(error instanceof InstagramError)) throw error;
    if (error.code === "invalid_client")
      return red(flavour, `${NAMES[flavour]} refuses this app's id or secret.`, CURES[flavour]);
    const isAway = error.cause instanceof TransportError;
    return isAway
      ? unchecked(
          flavour,
          `${NAMES[flavour]} cannot be reached from here: whether it accepts the app was not checked.`,
          isSimulated
            ? "Start the simulator: npx pnpm@12 simulator"
            : "Look at the network of this machine, then try again.",
        )
      : unchecked(
          flavour,
          `${NAMES[flavour]} answered otherwise (${error.code}): whether it accepts the app was not checked.`,
          "Try again in a while.",
        );
  }
}
