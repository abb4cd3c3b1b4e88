import { BASIC, CONTENT_PUBLISH, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST, USUAL_SCOPES } from "./scopes.ts";

/** What the dashboard holds under a `config_id` of Facebook Login for Business. */
export type LoginConfiguration = {
  id: string;
  scopes: readonly string[];
  /** Whose token the code is good for: the person's own, or that of a system user of theirs, which has no end. */
  token: "user" | "system_user";
};

/** The configurations of the registered app. */
export const LOGIN_CONFIGURATIONS: readonly LoginConfiguration[] = [
  { id: "880000000000001", scopes: USUAL_SCOPES, token: "user" },
  {
    id: "880000000000002",
    scopes: [BASIC, PAGES_SHOW_LIST, PAGES_READ_ENGAGEMENT, CONTENT_PUBLISH],
    token: "system_user",
  },
];
