import { createFacebookLogin, createInstagramLogin, createTransport, type Login } from "@perennial/instagram";

import type { Config } from "../config.ts";
import type { ConfiguredApps } from "../config-apps.ts";
import type { Check } from "./check.ts";
import { checkClock, readClocks } from "./clock.ts";
import { checkCredentials } from "./instagram.ts";

type AppOfLogin = Omit<NonNullable<ConfiguredApps["instagram"]>, "origins">;

/** What Meta makes of the apps, and what its answers tell of our clock: a call or two for each app. */
export async function askMeta(config: Config, timeoutMs: number): Promise<Check[]> {
  await using transport = createTransport({ totalTimeoutMs: timeoutMs });
  const clocks = readClocks(transport);
  const toCalls = { transport: clocks.transport, now: () => new Date() };
  const { instagram, facebook, origins } = config;
  const asInstagram = ({ app, ...version }: AppOfLogin): Login =>
    createInstagramLogin({ ...version, app, origins: origins.instagram, ...toCalls });
  const asFacebook = ({ app, ...version }: AppOfLogin): Login =>
    createFacebookLogin({ ...version, app, origins: origins.facebook, ...toCalls });
  const isSimulated = config.simulator !== null;
  const credentials = await Promise.all([
    ...(instagram === null
      ? []
      : [checkCredentials(asInstagram(instagram), asFacebook(instagram), isSimulated)]),
    ...(facebook === null
      ? []
      : [checkCredentials(asFacebook(facebook), asInstagram(facebook), isSimulated)]),
  ]);
  return [...credentials, ...checkClock(clocks.skewMs(), isSimulated)];
}
