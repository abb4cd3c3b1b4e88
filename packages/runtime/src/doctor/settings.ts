import { ConfigError, readConfig, type Config } from "../config.ts";
import type { Environment } from "../environment.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("settings");

/** The settings, with everything that is wrong with them; null where they cannot be used. */
export function checkSettings(environment: Environment): { config: Config | null; checks: Check[] } {
  try {
    const config = readConfig(environment);
    return { config, checks: [green("readable", sentence(config)), ...alertsOf(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const cure = "Set it right in the environment or in .env; README.md, Settings, says what each one means.";
    return {
      config: null,
      checks: error.problems.map((problem, index) => red(`problem_${index + 1}`, `${problem}.`, cure)),
    };
  }
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
