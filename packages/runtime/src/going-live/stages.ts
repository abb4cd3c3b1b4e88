/** What an app is at one point of its life, and whom Meta lets sign in with it. */
export type Stage = { name: string; who: string; takes: string };

/** From the first try to everybody. Meta decides the last one, and nobody can hurry it. */
export const STAGES: readonly Stage[] = [
  {
    name: "In development",
    who: "Accounts and people with a role in the app who have accepted it, and nobody else.",
    takes: "Nothing but the roles. Facebook's test users do not count as Instagram testers.",
  },
  {
    name: "Live, with standard access",
    who: "Still only accounts and people with a role in the app.",
    takes: "A privacy policy and a data deletion address. Being live alone opens it to nobody.",
  },
  {
    name: "Live, with advanced access",
    who: "Everybody with a business or a creator account.",
    takes:
      "App review of each permission, and verification of the business. Meta decides, and takes its time.",
  },
];
