import type { Environment } from "../environment.ts";

/** A secret of this installation, and the variable that holds it. */
export type SecretValue = { name: string; value: string };

/** What is shorter also stands where it is no secret: a password such as "postgres", a word. */
const SHORTEST = 12;

/** The secrets that are set, each part of a list by itself. */
export function secretValues(environment: Environment): SecretValue[] {
  const found: [string, string | undefined][] = [
    ...["INSTAGRAM_CLIENT_SECRET", "FACEBOOK_CLIENT_SECRET", "JWT_SECRET", "ALERT_WEBHOOK_SECRET"].map(
      (name): [string, string | undefined] => [name, environment[name]],
    ),
    ...parts(environment, "CRON_SECRET"),
    ...parts(environment, "TOKEN_KEYS").map(([name, part]): [string, string | undefined] => [
      name,
      part.split(":").at(-1),
    ]),
    ["DATABASE_URL", passwordIn(environment["DATABASE_URL"])],
  ];
  return found.flatMap(([name, value = ""]) => {
    const bare = value.trim();
    return bare.length >= SHORTEST && !bare.includes("\n") ? [{ name, value: bare }] : [];
  });
}

function parts(environment: Environment, name: string): [string, string][] {
  return (environment[name] ?? "").split(",").map((part) => [name, part]);
}

function passwordIn(databaseUrl = ""): string | undefined {
  return URL.canParse(databaseUrl) ? new URL(databaseUrl).password : undefined;
}
