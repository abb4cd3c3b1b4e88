import { randomBytes } from "node:crypto";

import type { Environment } from "../../environment.ts";
import type { SiteAnswers, SoundInstallation } from "./sound-installation.ts";

/** A way to get an installation wrong, and what the doctor has to find. */
export type Broken = {
  what: string;
  /** What is done to the installation, and the settings that are changed. */
  change?: Environment | ((installation: SoundInstallation) => Environment | Promise<Environment>);
  site?: SiteAnswers;
  folder?: (installation: SoundInstallation) => string;
  /** What has to be found: id and level, and what is said. */
  found: readonly (readonly [id: string, level: "amber" | "red", message: RegExp])[];
};

/** As much of chance as an app secret holds. */
export const hex = (): string => randomBytes(16).toString("hex");

/** The settings of a login with this app. */
export const pairOf = (
  prefix: "INSTAGRAM" | "FACEBOOK",
  app: { clientId: string; clientSecret: string },
) => ({
  [`${prefix}_CLIENT_ID`]: app.clientId,
  [`${prefix}_CLIENT_SECRET`]: app.clientSecret,
});
