import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { hex, pairOf, type Broken } from "./broken.ts";

/** Settings that are refused, or do without somebody. */
export const OF_SETTINGS: readonly Broken[] = [
  {
    what: "a missing key ring",
    change: { NODE_ENV: "production", TOKEN_KEYS: undefined },
    found: [["settings.TOKEN_KEYS", "red", /TOKEN_KEYS is required in production/]],
  },
  {
    what: "a key of zeros",
    change: { TOKEN_KEYS: `k1:${Buffer.alloc(32).toString("base64")}` },
    found: [["settings.TOKEN_KEYS", "red", /not drawn at random/]],
  },
  {
    what: "a short session secret",
    change: { JWT_SECRET: "aB3dE6gH9" },
    found: [["settings.JWT_SECRET", "red", /shorter than 32 characters/]],
  },
  {
    what: "a placeholder, and a second fault of the same variable",
    change: { JWT_SECRET: "change-me", CRON_SECRET: "change-me" },
    found: [
      ["settings.JWT_SECRET", "red", /is a placeholder/],
      ["settings.JWT_SECRET_2", "red", /must not be the same/],
      ["settings.CRON_SECRET", "red", /is a placeholder/],
    ],
  },
  {
    what: "a secret in quotes",
    change: { INSTAGRAM_CLIENT_SECRET: `"${hex()}"` },
    found: [["settings.INSTAGRAM_CLIENT_SECRET", "red", /has quotes or blanks/]],
  },
  {
    what: "an address with a blank after it",
    change: { APP_URL: "https://app.example.com " },
    found: [["settings.APP_URL", "red", /has quotes or blanks/]],
  },
  {
    what: "an address with a path",
    change: { APP_URL: "https://app.example.com/app" },
    found: [["settings.APP_URL", "red", /is not an origin/]],
  },
  {
    what: "a name where the app id belongs",
    change: { INSTAGRAM_CLIENT_ID: "my-app" },
    found: [["settings.INSTAGRAM_CLIENT_ID", "red", /is not an app id/]],
  },
  {
    what: "an app id and its secret in each other's place",
    change: { FACEBOOK_CLIENT_ID: hex(), FACEBOOK_CLIENT_SECRET: "770000000000001" },
    found: [["settings.FACEBOOK_CLIENT_ID", "red", /are exchanged/]],
  },
  {
    what: "an app id without its secret",
    change: { INSTAGRAM_CLIENT_SECRET: "" },
    found: [["settings.INSTAGRAM_CLIENT_ID", "red", /go together/]],
  },
  {
    what: "one app for both logins",
    change: ({ sim }) => pairOf("FACEBOOK", sim.instagramApp),
    found: [
      ["settings.INSTAGRAM_CLIENT_ID", "red", /are the same/],
      ["settings.INSTAGRAM_CLIENT_SECRET", "red", /are the same/],
    ],
  },
  {
    what: "a secret under a name that bundlers ship",
    change: { VITE_INSTAGRAM_CLIENT_SECRET: hex() },
    found: [["settings.VITE_INSTAGRAM_CLIENT_SECRET", "red", /would be shipped to every browser/]],
  },
  {
    what: "a schedule that cannot survive a week",
    change: { REFRESH_LEAD_DAYS: "8", REFRESH_CRON: "0 3 * * 1" },
    found: [["settings.REFRESH_LEAD_DAYS", "red", /must survive an outage of 7 days/]],
  },
  {
    what: "a cron expression that never runs",
    change: { REFRESH_CRON: "61 * * * *" },
    found: [["settings.REFRESH_CRON", "red", /is not a cron expression/]],
  },
  {
    what: "nobody to hear of alerts",
    change: { NODE_ENV: "production" },
    found: [
      ["settings.alerts", "amber", /nobody is told/],
      ["instagram.hosts", "amber", /INSTAGRAM_AUTHORIZE_ORIGIN, .*FACEBOOK_GRAPH_ORIGIN/],
    ],
  },
];

/** Secrets that cannot be right, or are where others read them. */
export const OF_SECRETS: readonly Broken[] = [
  {
    what: "a secret in a variable with a harmless name that is shipped",
    change: ({ sim }) => ({ VITE_CONFIG: `{"app":"${sim.instagramApp.clientSecret}"}` }),
    found: [["secrets.shipped", "red", /VITE_CONFIG holds the value of INSTAGRAM_CLIENT_SECRET/]],
  },
  {
    what: "something cut short where the app secret belongs",
    change: ({ sim }) => ({ INSTAGRAM_CLIENT_SECRET: sim.instagramApp.clientSecret.slice(0, 30) }),
    found: [
      ["secrets.instagram_shape", "amber", /INSTAGRAM_CLIENT_SECRET is not 32 hexadecimal digits/],
      ["instagram.instagram", "red", /Instagram refuses this app's id or secret/],
    ],
  },
  {
    what: "half an app id",
    change: { FACEBOOK_CLIENT_ID: "7700000" },
    found: [
      ["secrets.facebook_shape", "amber", /FACEBOOK_CLIENT_ID has 7 digits/],
      ["instagram.facebook", "red", /Facebook does not know this app id/],
    ],
  },
  {
    what: "a secret in a file that git tracks",
    folder: ({ folder, sim }) =>
      repositoryWith(path.join(folder, "tracked"), {
        "deploy/settings.json": `{"secret":"${sim.facebookApp.clientSecret}"}`,
      }),
    found: [
      ["secrets.tracked", "red", /git tracks a secret of this installation, in deploy\/settings\.json\.$/],
    ],
  },
  {
    what: "a .env that git tracks",
    folder: ({ folder }) =>
      repositoryWith(path.join(folder, "env"), { ".env": "LOG_LEVEL=info\n", ".env.example": "" }),
    found: [["secrets.tracked", "amber", /git tracks \.env, which is made to hold secrets\.$/]],
  },
];

function repositoryWith(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
  git("init", "--quiet");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  git("add", "--all");
  return folder;
}
