import type { GuideSection } from "./guide.ts";

/** Makes the three secrets that production asks for, as lines of `.env`. */
const MAKE_SECRETS =
  "printf 'JWT_SECRET=%s\\nTOKEN_KEYS=k1:%s\\nCRON_SECRET=%s\\n' " +
  '"$(openssl rand -base64 48)" "$(openssl rand -base64 32)" "$(openssl rand -base64 48)" >> .env';

/** What a server needs that a laptop does not. */
export function serverSection(): GuideSection {
  return {
    id: "server",
    title: "On a server",
    intro: "What comes on top of an app, before other people sign in.",
    scopes: [],
    steps: [
      {
        id: "server.secrets",
        place: "A terminal on the server, in the folder of README.md",
        task: "Make the secrets, once, and keep TOKEN_KEYS somewhere else, too.",
        reason: "Without them it does not start; without TOKEN_KEYS nobody can open the stored tokens again.",
        copy: MAKE_SECRETS,
      },
      {
        id: "server.proxy",
        place: "Your proxy",
        task: "End TLS there, forward everything to API_PORT (3000 unless set), and name the proxy in TRUSTED_PROXIES.",
        reason: "Unnamed, it makes everybody look like one caller, who soon asks too often.",
        copy: "TRUSTED_PROXIES=",
      },
      {
        id: "server.start",
        place: "A terminal on the server",
        task: "Start the api, which serves the built web app, and a worker. Have the machine do it after each boot.",
        reason: "Without a worker nothing is renewed.",
        copy: "npx pnpm@12 start",
      },
      {
        id: "server.operators",
        place: "The same terminal, then `.env`",
        task: "Sign in once, look up your user id, name it in OPERATORS, and start again.",
        reason:
          "In production the page Diagnostics is shown to nobody else. The doctor in the terminal needs no name.",
        copy: "npx pnpm@12 perennial users",
      },
      {
        id: "server.alerts",
        place: "`.env`",
        task: "Say where alerts are to be sent: a web address of yours, and a secret to sign them with.",
        reason: "Otherwise only people who look at the web app hear that an account needs them.",
        copy: "ALERT_WEBHOOK_URL=\nALERT_WEBHOOK_SECRET=",
      },
      {
        id: "server.backup",
        place: "The machine's scheduler",
        task: "Back up every day, to another machine.",
        reason: "Tokens that are lost come back by a new sign-in of every person only.",
        copy: "npx pnpm@12 perennial backup /var/backups/perennial-$(date +%F).db",
      },
    ],
  };
}
