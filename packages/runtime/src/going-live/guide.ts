import type { Config } from "../config.ts";
import { addressSection } from "./address-section.ts";
import { loginSection } from "./login-section.ts";
import { serverSection } from "./server-section.ts";
import { STAGES, type Stage } from "./stages.ts";
import { WRONG_CLAIMS, type WrongClaim } from "./wrong-claims.ts";

/** One thing to do on the way to a real app. What stands between backticks is code. */
export type GuideStep = {
  /** Stable. One of the doctor's own for what is done in Meta's dashboards. */
  id: string;
  /** Where it is done. */
  place: string;
  /** What to do there. */
  task: string;
  /** What goes wrong otherwise. */
  reason: string;
  /** What has to be taken along character by character; null where there is no such text. */
  copy: string | null;
};

/** A part of the way. */
export type GuideSection = {
  id: "address" | "instagram" | "facebook" | "server";
  title: string;
  /** What it is for, and for whom. */
  intro: string;
  /** What is asked of people, and what for; empty where it is no login. */
  scopes: readonly { name: string; purpose: string }[];
  steps: readonly GuideStep[];
};

/** How to go live with a real app, filled in with the values of an installation. Holds no secret. */
export type Guide = {
  /** The address it is filled in with. */
  appUrl: string;
  /** False where that is not yet the address of the installation: Meta wants https. */
  isAtAddress: boolean;
  sections: readonly GuideSection[];
  /** Who can sign in at which stage of an app. */
  stages: readonly Stage[];
  /** What other guides say, and what is so. */
  wrongClaims: readonly WrongClaim[];
};

/** What the guide is filled in with. */
export type GuideInput = Pick<Config, "appUrl" | "isProduction"> & {
  facebook: { configId?: string } | null;
};

/** The guide for an installation: both logins, whichever of them it has. */
export function goingLiveGuide({ appUrl: at, isProduction, facebook }: GuideInput): Guide {
  const appUrl = at.replace(/^http:/, "https:");
  const start = isProduction ? "npx pnpm@12 start" : "npx pnpm@12 dev";
  const configId = facebook?.configId ?? null;
  return {
    appUrl,
    isAtAddress: appUrl === at,
    sections: [
      addressSection(appUrl),
      loginSection("instagram", { appUrl, start, configId }),
      loginSection("facebook", { appUrl, start, configId }),
      serverSection(),
    ],
    stages: STAGES,
    wrongClaims: WRONG_CLAIMS,
  };
}
