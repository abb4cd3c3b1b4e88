import { redirectUriOf, SCOPES_ASKED_FOR } from "@perennial/connections";

import type { Config } from "../config.ts";
import { PLACES } from "./dashboard-places.ts";

/** One thing to do in Meta's dashboards, or to have people do: no program can see whether it was done. */
export type DashboardStep = {
  /** Stable: the login, and what is done. */
  id: `${"instagram" | "facebook"}.${string}`;
  flavour: "instagram" | "facebook";
  /** Where it is done, as the menus are called. */
  place: string;
  /** What to do there, in a sentence. */
  task: string;
  /** What goes wrong otherwise, in a sentence. */
  reason: string;
  /** What has to be put in, character by character; null where there is no such text. */
  copy: string | null;
};

/** What is asked for of an installation: its address, and which logins it has. */
type StepsInput = Pick<Config, "appUrl"> & {
  instagram: object | null;
  facebook: { configId?: string } | null;
};

type Step = Omit<DashboardStep, "id" | "flavour"> & { name: string };

/** Where Meta's callbacks arrive. */
export function callbackAddressesOf(appUrl: string): { deauthorize: string; dataDeletion: string } {
  return { deauthorize: `${appUrl}/meta/deauthorize`, dataDeletion: `${appUrl}/meta/data-deletion` };
}

/** The steps of every login that is set up, in the order they are done, filled in with this installation's values. */
export function dashboardSteps({ appUrl, instagram, facebook }: StepsInput): DashboardStep[] {
  return [
    ...(instagram === null ? [] : named("instagram", instagramSteps(appUrl))),
    ...(facebook === null ? [] : named("facebook", facebookSteps(appUrl, facebook.configId ?? null))),
  ];
}

function named(flavour: DashboardStep["flavour"], steps: readonly Step[]): DashboardStep[] {
  return steps.map(({ name, ...step }) => ({ id: `${flavour}.${name}`, flavour, ...step }));
}

function instagramSteps(appUrl: string): Step[] {
  const { deauthorize, dataDeletion } = callbackAddressesOf(appUrl);
  return [
    {
      name: "product",
      place: PLACES.products,
      task: "Add the product Instagram, with API setup with Instagram login.",
      reason: "The Instagram app id and secret are made by it; the ones of Settings > Basic will not do.",
      copy: null,
    },
    {
      name: "redirect",
      place: PLACES.instagram.addresses,
      task: "Register the redirect address, save, and compare what was stored: a form may add a slash.",
      reason: "Every sign-in ends on Instagram's own error page, Invalid redirect_uri.",
      copy: redirectUriOf(appUrl, "instagram"),
    },
    {
      name: "deauthorize",
      place: PLACES.instagram.addresses,
      task: "Put in the deauthorize callback URL.",
      reason: "Who removes the app on Instagram is noticed at the next call only.",
      copy: deauthorize,
    },
    {
      name: "data_deletion",
      place: PLACES.instagram.addresses,
      task: "Put in the data deletion request URL.",
      reason:
        "Meta asks for it before an app may go live, and people cannot have their data deleted from there.",
      copy: dataDeletion,
    },
    privacyPolicy(),
    {
      name: "testers",
      place: `${PLACES.roles} > Instagram Testers`,
      task: "Add every account that signs in before the app is live. Each accepts on the web, in Instagram: Settings > Apps and websites > Tester invites.",
      reason:
        "Sign-ins of anybody else fail with Insufficient developer role. Facebook's test users do not help.",
      copy: null,
    },
    {
      name: "professional",
      place: "Instagram: Settings > Account type and tools",
      task: "Have every account be a business or a creator account.",
      reason: "Personal accounts cannot be connected.",
      copy: null,
    },
    access("instagram"),
    live(),
  ];
}

function facebookSteps(appUrl: string, configId: string | null): Step[] {
  const { deauthorize, dataDeletion } = callbackAddressesOf(appUrl);
  return [
    {
      name: "product",
      place: PLACES.products,
      task: "Add the product Facebook Login for Business.",
      reason: "Facebook's dialog does not open for an app without it.",
      copy: null,
    },
    {
      name: "domain",
      place: PLACES.basic,
      task: "Put the domain into App domains.",
      reason: "Facebook's dialog refuses addresses of a domain that is not the app's.",
      copy: new URL(appUrl).hostname,
    },
    {
      name: "redirect",
      place: `${PLACES.facebook.addresses} > Valid OAuth Redirect URIs`,
      task: "Register the redirect address; this list is another one than Instagram's.",
      reason: "Every sign-in ends on an error page of Facebook's own.",
      copy: redirectUriOf(appUrl, "facebook"),
    },
    ...(configId === null
      ? []
      : [
          {
            name: "configuration",
            place: "App dashboard: Facebook Login for Business > Configurations",
            task: `See that the configuration ${configId} asks for every one of the scopes.`,
            reason: "With a configuration Facebook asks for what it names, and for nothing else.",
            copy: SCOPES_ASKED_FOR.facebook.join(","),
          },
        ]),
    {
      name: "deauthorize",
      place: PLACES.facebook.addresses,
      task: "Put in the deauthorize callback URL.",
      reason: "Who removes the app on Facebook is noticed at the next call only.",
      copy: deauthorize,
    },
    {
      name: "data_deletion",
      place: `${PLACES.basic} > User data deletion`,
      task: "Choose the data deletion callback URL and put it in.",
      reason:
        "Meta asks for it before an app may go live, and people cannot have their data deleted from there.",
      copy: dataDeletion,
    },
    privacyPolicy(),
    {
      name: "roles",
      place: PLACES.roles,
      task: "Give every person who signs in before the app is live a role; each accepts it at developers.facebook.com/requests.",
      reason: "For anybody else the dialog says that the app is not available.",
      copy: null,
    },
    {
      name: "page",
      place: "Facebook: the Page's settings > Linked accounts",
      task: "Link every account, a business or a creator account, to a Page on which its person may manage or create content.",
      reason: "Accounts are found through their Pages: without one there is nothing to connect.",
      copy: null,
    },
    access("facebook"),
    live(),
  ];
}

function privacyPolicy(): Step {
  return {
    name: "privacy_policy",
    place: PLACES.basic,
    task: "Put in the address of your privacy policy, one that answers over https without a sign-in.",
    reason: "Meta lets no app go live without it.",
    copy: null,
  };
}

function access(flavour: DashboardStep["flavour"]): Step {
  return {
    name: "advanced_access",
    place: PLACES.review,
    task: "For accounts of other people than those with a role: ask for advanced access to every one of the scopes, and have the business verified.",
    reason: "Standard access serves people with a role in the app, and nobody else.",
    copy: SCOPES_ASKED_FOR[flavour].join(","),
  };
}

function live(): Step {
  return {
    name: "live",
    place: PLACES.mode,
    task: "Switch the app from development to live, once the review is through; business apps have access levels in its stead.",
    reason: "An app in development serves people with a role only.",
    copy: null,
  };
}
