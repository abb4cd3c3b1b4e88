import type { FacebookOrigins, InstagramApp, InstagramOrigins } from "@perennial/instagram";

import type { DevelopmentSecrets } from "./development-secrets.ts";
import type { ParsedEnvironment } from "./environment-schema.ts";
import { weaknessOf } from "./secret-quality.ts";

/** Meta's apps as they are configured, and where their calls go. */
export type ConfiguredApps = {
  /** Instagram Login; null where only Facebook Login is set up. */
  instagram: { app: InstagramApp; origins: Partial<InstagramOrigins>; graphVersion?: string } | null;
  /** Facebook Login; null where it is not set up. */
  facebook: {
    app: InstagramApp;
    origins: Partial<FacebookOrigins>;
    graphVersion?: string;
    configId?: string;
  } | null;
  /** Where the calls of each login go, whether it is set up or not; Meta's own hosts where nothing is said. */
  origins: { instagram: Partial<InstagramOrigins>; facebook: Partial<FacebookOrigins> };
};

/** The simulator in the place of Meta, with the secrets that it knows; null where it is not used. */
export type Simulated = { origin: string; facebookOrigin: string; secrets: DevelopmentSecrets } | null;

/** The client id of the app that is registered with the simulator's Instagram. */
export const SIMULATOR_CLIENT_ID = "990000000000001";
/** The client id of the app that is registered with the simulator's Facebook. */
export const SIMULATOR_FACEBOOK_CLIENT_ID = "770000000000001";

/** Reads which apps there are. What is wrong with them has been told by {@link checkApps}. */
export function readApps(env: ParsedEnvironment, simulator: Simulated): ConfiguredApps {
  const origins = originsOf(env, simulator);
  const graphVersion = env.GRAPH_VERSION === undefined ? {} : { graphVersion: env.GRAPH_VERSION };
  const instagramId = env.INSTAGRAM_CLIENT_ID ?? (simulator === null ? null : SIMULATOR_CLIENT_ID);
  const facebookId = env.FACEBOOK_CLIENT_ID ?? (simulator === null ? null : SIMULATOR_FACEBOOK_CLIENT_ID);
  const instagramSecret = env.INSTAGRAM_CLIENT_SECRET ?? simulator?.secrets.simulatorClientSecret ?? "";
  const facebookSecret = env.FACEBOOK_CLIENT_SECRET ?? simulator?.secrets.simulatorFacebookSecret ?? "";
  return {
    instagram:
      instagramId === null
        ? null
        : {
            app: { clientId: instagramId, clientSecret: instagramSecret },
            origins: origins.instagram,
            ...graphVersion,
          },
    facebook:
      facebookId === null
        ? null
        : {
            app: { clientId: facebookId, clientSecret: facebookSecret },
            origins: origins.facebook,
            ...graphVersion,
            ...(env.FACEBOOK_CONFIG_ID === undefined ? {} : { configId: env.FACEBOOK_CONFIG_ID }),
          },
    origins,
  };
}

function originsOf(env: ParsedEnvironment, simulator: Simulated): ConfiguredApps["origins"] {
  return {
    instagram: defined({
      authorize: env.INSTAGRAM_AUTHORIZE_ORIGIN ?? simulator?.origin,
      api: env.INSTAGRAM_API_ORIGIN ?? simulator?.origin,
      graph: env.INSTAGRAM_GRAPH_ORIGIN ?? simulator?.origin,
    }),
    facebook: defined({
      dialog: env.FACEBOOK_DIALOG_ORIGIN ?? simulator?.facebookOrigin,
      graph: env.FACEBOOK_GRAPH_ORIGIN ?? simulator?.facebookOrigin,
    }),
  };
}

/** Finds what cannot be right about the apps' ids and secrets, without asking Meta. */
export function checkApps(env: ParsedEnvironment, isProduction: boolean, problems: string[]): void {
  const { INSTAGRAM_CLIENT_ID: instagram, FACEBOOK_CLIENT_ID: facebook } = env;
  checkApp("INSTAGRAM", { id: instagram, secret: env.INSTAGRAM_CLIENT_SECRET }, problems);
  checkApp("FACEBOOK", { id: facebook, secret: env.FACEBOOK_CLIENT_SECRET }, problems);
  if (isProduction && instagram === undefined && facebook === undefined) {
    problems.push(
      "INSTAGRAM_CLIENT_ID and INSTAGRAM_CLIENT_SECRET are required in production, or the same of FACEBOOK",
    );
  }
  for (const part of ["ID", "SECRET"] as const) {
    const value = env[`INSTAGRAM_CLIENT_${part}`];
    if (value !== undefined && value === env[`FACEBOOK_CLIENT_${part}`])
      problems.push(
        `INSTAGRAM_CLIENT_${part} and FACEBOOK_CLIENT_${part} are the same: each login has an app ${part.toLowerCase()} of its own`,
      );
  }
}

const APP_ID = /^\d{5,25}$/;

function checkApp(
  name: "INSTAGRAM" | "FACEBOOK",
  { id, secret }: { id: string | undefined; secret: string | undefined },
  problems: string[],
): void {
  if (id !== undefined && secret !== undefined && !APP_ID.test(id) && APP_ID.test(secret)) {
    problems.push(
      `${name}_CLIENT_ID and ${name}_CLIENT_SECRET are exchanged: the id is the one of digits only`,
    );
    return;
  }
  if ((id === undefined) !== (secret === undefined))
    problems.push(`${name}_CLIENT_ID and ${name}_CLIENT_SECRET go together: set both or neither`);
  const whose = name === "INSTAGRAM" ? "Instagram" : "Facebook";
  if (id !== undefined && !APP_ID.test(id))
    problems.push(`${name}_CLIENT_ID is not an app id: digits only, from the ${whose} app's settings`);
  const weakness = secret === undefined ? null : weaknessOf(secret, 16);
  if (weakness !== null) problems.push(`${name}_CLIENT_SECRET ${weakness}`);
}

function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: string };
}
