import { existsSync } from "node:fs";
import path from "node:path";
import { loadEnvFile } from "node:process";

/** The environment as a process was started with: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the workspace; relative paths of the configuration are read against it. */
export const workspaceRoot = path.resolve(import.meta.dirname, "../../..");

/**
 * The environment of this process, completed from `.env` in the workspace folder where there is one. What
 * is already set wins. Called once, by `main.ts` of each app.
 */
export function loadEnvironment(): Environment {
  const file = path.join(workspaceRoot, ".env");
  if (existsSync(file)) loadEnvFile(file);
  return process.env;
}
