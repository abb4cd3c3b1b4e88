import { ConfigError, readConfig, type Config } from "../config.ts";
import type { Environment } from "../environment.ts";
import { checksOf, type Check } from "./check.ts";
import { PLACES } from "./dashboard-places.ts";

const { green, amber, red } = checksOf("settings");

/** The settings, with everything that is wrong with them; null where they cannot be used. */
export function checkSettings(environment: Environment): { config: Config | null; checks: Check[] } {
  try {
    const config = readConfig(environment);
    return { config, checks: [green("readable", sentence(config)), ...alertsOf(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: null, checks: problemsOf(error.problems) };
  }
}

/** Each is called by the variable that it begins with; a second one of the same variable is numbered. */
function problemsOf(problems: readonly string[]): Check[] {
  const counts = new Map<string, number>();
  return problems.map((problem) => {
    const name = /^\w+/.exec(problem)?.[0] ?? "environment";
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return red(count === 1 ? name : `${name}_${count}`, `${problem}.`, cureOf(problem));
  });
}

const CURES: readonly (readonly [RegExp, string])[] = [
  [
    /would be shipped to every browser/,
    "Rename it without its prefix, and take a new secret: a bundle may hold this one.",
  ],
  [/quotes or blanks/, "Take them away where it is set: not every reader of .env files does."],
  [/^INSTAGRAM_CLIENT_/, `Copy id and secret. ${PLACES.instagram.pair}.`],
  [/^FACEBOOK_CLIENT_/, `Copy id and secret. ${PLACES.facebook.pair}.`],
  [
    /^TOKEN_KEYS/,
    'Make one with echo "k1:$(openssl rand -base64 32)". The keys of a database in use have to stay in the list.',
  ],
  [/^(?:JWT|CRON)_SECRET/, "Make one with openssl rand -base64 48."],
];

function cureOf(problem: string): string {
  const found = CURES.find(([pattern]) => pattern.test(problem));
  return (
    found?.[1] ?? "Set it right in the environment or in .env; README.md, Settings, says what each one means."
  );
}

function sentence({ isProduction, simulator }: Config): string {
  const mode = isProduction ? "production" : "development";
  return simulator === null
    ? `Every setting can be used, for ${mode}.`
    : `Every setting can be used, for ${mode}; the simulator plays Instagram and Facebook.`;
}

/** In production somebody has to hear of what only a person can help. */
function alertsOf({ isProduction, alertWebhook }: Config): Check[] {
  if (alertWebhook !== null) return [green("alerts", "Alerts are sent to a webhook.")];
  if (!isProduction) return [];
  const message = "Alerts are shown in the web app only: nobody is told who does not look.";
  return [amber("alerts", message, "Set ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET.")];
}
