/** Something that other guides say, and what is so. */
export type WrongClaim = { claim: string; truth: string };

/** What costs people their evening most often. */
export const WRONG_CLAIMS: readonly WrongClaim[] = [
  {
    claim: "Always use the Facebook app id and secret.",
    truth: "For Facebook Login only. Instagram Login has a pair of its own.",
  },
  {
    claim: "http://localhost is fine as a redirect address.",
    truth: "It has to be https, also on your own machine.",
  },
  {
    claim: "A redirect address must not end with a slash.",
    truth:
      "It must equal the registered one, and Perennial's has none. Some forms add one on saving: compare.",
  },
  {
    claim: "One list of redirect addresses serves both logins.",
    truth: "There are two lists, on two pages of the dashboard.",
  },
  {
    claim: "Add the account under Roles > Test Users.",
    truth: "Under Instagram Testers, and the account has to accept it in Instagram on the web.",
  },
  {
    claim: "The account has to be linked to a Facebook Page.",
    truth: "For Facebook Login only.",
  },
  {
    claim: "Ask for user_profile and user_media, or business_basic.",
    truth: "They have ended. One retired or misspelt name breaks the whole sign-in.",
  },
  {
    claim: "Every long-lived token can be renewed.",
    truth: "Those of Instagram Login, between one day old and expired. With Facebook Login people come back.",
  },
];
