import { SCOPES_ASKED_FOR } from "@perennial/connections";
import { FACEBOOK_SCOPES, INSTAGRAM_SCOPES } from "@perennial/instagram";

import { dashboardSteps } from "../doctor/dashboard-steps.ts";
import type { GuideSection, GuideStep } from "./guide.ts";

type Flavour = "instagram" | "facebook";
type Filling = { appUrl: string; start: string; configId: string | null };

const PURPOSES = { instagram: INSTAGRAM_SCOPES, facebook: FACEBOOK_SCOPES } as const;

const INTROS = {
  instagram: {
    title: "Instagram Login",
    intro:
      "For every business or creator account, with or without a Facebook Page. Perennial renews its token by itself for as long as the person lets it. Take this one unless you need Pages.",
  },
  facebook: {
    title: "Facebook Login",
    intro:
      "For accounts that are linked to a Facebook Page, instead of Instagram Login or beside it. Nobody can renew it for the person: they are asked to click again before 90 days are over.",
  },
} as const;

/** The way to one login: what the doctor lists of Meta's dashboards, and between it what is done here. */
export function loginSection(flavour: Flavour, filling: Filling): GuideSection {
  const { appUrl, configId } = filling;
  const ofDashboard = dashboardSteps({
    appUrl,
    instagram: flavour === "instagram" ? {} : null,
    facebook: flavour === "facebook" ? (configId === null ? {} : { configId }) : null,
  }).map(({ id, place, task, reason, copy }): GuideStep => ({ id, place, task, reason, copy }));
  const at = (name: string): number => ofDashboard.findIndex(({ id }) => id === `${flavour}.${name}`);
  const [credentialsAt, tryAt] = [at("product") + 1, at("advanced_access")];
  return {
    id: flavour,
    ...INTROS[flavour],
    scopes: SCOPES_ASKED_FOR[flavour].map((name) => ({ name, purpose: purposeOf(flavour, name) })),
    steps: [
      APP[flavour],
      ...ofDashboard.slice(0, credentialsAt),
      CREDENTIALS[flavour],
      ...ofDashboard.slice(credentialsAt, tryAt),
      ...(flavour === "facebook" ? [PORTFOLIO] : []),
      ...trySteps(flavour, filling),
      ...ofDashboard.slice(tryAt),
    ],
  };
}

function purposeOf(flavour: Flavour, scope: string): string {
  return PURPOSES[flavour].find(({ name }) => name === scope)?.purpose ?? "";
}

const APP: Record<Flavour, GuideStep> = {
  instagram: {
    id: "instagram.app",
    place: "developers.facebook.com/apps",
    task: "Create an app. Where a type is asked for, take Business.",
    reason: "Ids, secrets and permissions belong to an app.",
    copy: null,
  },
  facebook: {
    id: "facebook.app",
    place: "developers.facebook.com/apps",
    task: "Create an app, or take the one of Instagram Login: one app can have both logins.",
    reason: "Ids, secrets and permissions belong to an app.",
    copy: null,
  },
};

const CREDENTIALS: Record<Flavour, GuideStep> = {
  instagram: {
    id: "instagram.credentials",
    place: "App dashboard: Instagram > API setup with Instagram login",
    task: "Copy the Instagram app id and the Instagram app secret of this page into `.env`.",
    reason:
      "The Meta app id and secret of Settings > Basic are another pair: with them Instagram answers Invalid platform app.",
    copy: "INSTAGRAM_CLIENT_ID=\nINSTAGRAM_CLIENT_SECRET=",
  },
  facebook: {
    id: "facebook.credentials",
    place: "App dashboard: App settings > Basic",
    task: "Copy the Meta app id and the app secret of this page into `.env`; where the app uses a configuration of Facebook Login for Business, its id as FACEBOOK_CONFIG_ID, too.",
    reason: "The Instagram app's pair is refused here, in words that sound like a fault of Meta's.",
    copy: "FACEBOOK_CLIENT_ID=\nFACEBOOK_CLIENT_SECRET=",
  },
};

const PORTFOLIO: GuideStep = {
  id: "facebook.portfolio",
  place: "Meta Business Suite: the settings of the portfolio",
  task: "Where a business portfolio owns the Page, give its person a role in the portfolio, too.",
  reason: "Such Pages are listed only with the scope business_management and such a role.",
  copy: null,
};

const NAMES = { instagram: "Instagram", facebook: "Facebook" } as const;

function trySteps(flavour: Flavour, { appUrl, start }: Filling): GuideStep[] {
  return [
    {
      id: `${flavour}.restart`,
      place: "A terminal, in the folder of README.md",
      task: "End Perennial and start it again.",
      reason: "Settings are read once, at the start. From the first app on the simulator is out of use.",
      copy: start,
    },
    {
      id: `${flavour}.doctor`,
      place: "The same terminal, or the page Diagnostics",
      task: "Have the doctor look. It asks Meta whether it accepts the secret, with nobody signed in.",
      reason: "A sign-in with a wrong secret fails in words that are about the redirect address.",
      copy: "npx pnpm@12 perennial doctor",
    },
    {
      id: `${flavour}.sign_in`,
      place: appUrl,
      task: `Continue with ${NAMES[flavour]}, as somebody with a role in the app.`,
      reason: "Nothing else proves the app id and the registered address. Where it stops, the page says why.",
      copy: appUrl,
    },
  ];
}
