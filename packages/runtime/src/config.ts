import path from "node:path";

import {
  REQUIRED_OUTAGE_MS,
  outageSurvivedMs,
  type RefreshSchedule,
  type TokenKey,
} from "@perennial/connections";
import type { FacebookOrigins, InstagramApp, InstagramOrigins } from "@perennial/instagram";
import type { z } from "zod";

import { developmentSecrets, type DevelopmentSecrets } from "./development-secrets.ts";
import { workspaceRoot, type Environment } from "./environment.ts";
import { environmentSchema } from "./environment-schema.ts";
import { longestPeriodMs } from "./schedule.ts";
import type { SinkLimits } from "./sinks/sink-limits.ts";
import { weaknessOf, weaknessOfKey } from "./secret-quality.ts";

const DAY_MS = 86_400_000;
/** The longest upstream call and something over, so that nobody takes over what still goes on. */
const SHORTEST_LEASE_MS = 12_000;

/** Everything that can be set, read once and checked. Secrets are in here: never log it whole. */
export type Config = {
  /** What it was read from: the doctor looks at that, too. */
  environment: Environment;
  isProduction: boolean;
  /** Public origin of the web app, without a slash at the end. */
  appUrl: string;
  host: string;
  ports: { api: number; web: number; worker: number; simulator: number };
  /** Api processes that `start` runs; more than one share the port. */
  apiProcesses: number;
  /** The addresses and ranges whose X-Forwarded-For counts. */
  trustedProxies: string[];
  /** The users who run this site: they may see how the installation is. */
  operators: string[];
  /** How often something may be done in a minute: by one API key, and signing in from one address. */
  limits: { apiRequests: number; signIns: number };
  /** Where the store is. A `postgresql:` address holds a password: not for messages or logs. */
  databaseUrl: string;
  /** What development makes and keeps: its secrets, the simulator's memory. Beside a SQLite file. */
  dataFolder: string;
  /** Instagram Login; null where only Facebook Login is set up. */
  instagram: { app: InstagramApp; origins: Partial<InstagramOrigins>; graphVersion?: string } | null;
  /** Facebook Login; null where it is not set up. */
  facebook: {
    app: InstagramApp;
    origins: Partial<FacebookOrigins>;
    graphVersion?: string;
    configId?: string;
  } | null;
  /** Set while the simulator plays Instagram and Facebook, which is never in production. */
  simulator: { origin: string; facebookOrigin: string; controlSecret: string } | null;
  jwtSecret: string;
  tokenKeys: TokenKey[];
  /** Any of these opens the cron endpoint; two while one is replaced by the other. */
  cronSecrets: string[];
  schedule: RefreshSchedule & { cron: string; concurrency: number; leaseMs: number };
  /** Where alerts are sent, besides being shown. */
  alertWebhook: { url: string; secret: string } | null;
  /** What people on the web may do with sinks; whoever runs commands here may do anything. */
  webSinks: SinkLimits;
  logLevel: z.infer<typeof environmentSchema>["LOG_LEVEL"];
};

/** The environment cannot be used. Lists every problem, names variables, and shows no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Perennial cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/**
 * Reads the configuration from an environment. In development missing secrets are made once and kept in
 * the data folder; in production they are required.
 *
 * @throws {ConfigError} with every problem found.
 */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [...bundledSecrets(environment)];
  const env = parseVariables(withoutEmpty(environment), problems);
  const isProduction = env.NODE_ENV === "production";
  const schedule = readSchedule(env, problems);
  if (isProduction && schedule.leaseMs < SHORTEST_LEASE_MS) {
    problems.push("REFRESH_LEASE_SECONDS must be at least 12: a call may last 10 seconds");
  }
  const hasNoApp = env.INSTAGRAM_CLIENT_ID === undefined && env.FACEBOOK_CLIENT_ID === undefined;
  const usesSimulator = !isProduction && hasNoApp;
  checkApps(env, isProduction, problems);
  if (isProduction) checkProductionSecrets(env, problems);
  if (env.API_PROCESSES > 1 && process.platform !== "linux") {
    problems.push("API_PROCESSES above 1 needs Linux, where processes can share a port");
  }
  if (isProduction && !isSecureOrigin(env.APP_URL))
    problems.push("APP_URL must begin with https:// in production");
  const ring = env.TOKEN_KEYS === undefined ? [] : readTokenKeys(env.TOKEN_KEYS, problems);
  checkSecret("JWT_SECRET", env.JWT_SECRET, problems);
  const cronSecrets = env.CRON_SECRET?.split(",").map((secret) => secret.trim()) ?? [];
  for (const secret of cronSecrets) checkSecret("CRON_SECRET", secret, problems);
  if (env.JWT_SECRET !== undefined && cronSecrets.includes(env.JWT_SECRET)) {
    problems.push("JWT_SECRET and CRON_SECRET must not be the same");
  }
  const alertWebhook = readAlertWebhook(env, isProduction, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  const databaseUrl = absoluteDatabaseUrl(env.DATABASE_URL);
  const dataFolder = dataFolderOf(databaseUrl, env.DATA_FOLDER);
  const made = isProduction ? null : developmentSecrets(dataFolder);
  const simulator =
    usesSimulator && made !== null
      ? {
          origin: `http://127.0.0.1:${env.SIMULATOR_PORT}`,
          facebookOrigin: `http://127.0.0.1:${env.SIMULATOR_FACEBOOK_PORT ?? env.SIMULATOR_PORT + 1}`,
          secrets: made,
        }
      : null;
  return {
    environment: { ...environment },
    isProduction,
    appUrl: env.APP_URL,
    host: env.HOST,
    ports: { api: env.API_PORT, web: env.WEB_PORT, worker: env.WORKER_PORT, simulator: env.SIMULATOR_PORT },
    apiProcesses: env.API_PROCESSES,
    trustedProxies: env.TRUSTED_PROXIES,
    operators: env.OPERATORS,
    limits: { apiRequests: env.API_REQUESTS_PER_MINUTE, signIns: env.SIGN_INS_PER_MINUTE },
    databaseUrl,
    dataFolder,
    instagram: readInstagram(env, simulator),
    facebook: readFacebook(env, simulator),
    simulator:
      simulator === null
        ? null
        : {
            origin: simulator.origin,
            facebookOrigin: simulator.facebookOrigin,
            controlSecret: env.SIM_CONTROL_SECRET ?? simulator.secrets.simulatorControlSecret,
          },
    jwtSecret: env.JWT_SECRET ?? made?.jwtSecret ?? "",
    tokenKeys: ring.length > 0 ? ring : readTokenKeys(made?.tokenKeys ?? "", problems),
    cronSecrets: cronSecrets.length > 0 ? cronSecrets : made === null ? [] : [made.cronSecret],
    schedule,
    alertWebhook,
    webSinks: readWebSinks(env, isProduction, dataFolder),
    logLevel: env.LOG_LEVEL,
  };
}

/** The client id of the app that is registered with the simulator's Instagram. */
export const SIMULATOR_CLIENT_ID = "990000000000001";
/** The client id of the app that is registered with the simulator's Facebook. */
export const SIMULATOR_FACEBOOK_CLIENT_ID = "770000000000001";

type Simulated = { origin: string; facebookOrigin: string; secrets: DevelopmentSecrets } | null;

function readInstagram(env: Parsed, simulator: Simulated): Config["instagram"] {
  const clientId = env.INSTAGRAM_CLIENT_ID ?? (simulator === null ? null : SIMULATOR_CLIENT_ID);
  if (clientId === null) return null;
  return {
    app: {
      clientId,
      clientSecret: env.INSTAGRAM_CLIENT_SECRET ?? simulator?.secrets.simulatorClientSecret ?? "",
    },
    origins: defined({
      authorize: env.INSTAGRAM_AUTHORIZE_ORIGIN ?? simulator?.origin,
      api: env.INSTAGRAM_API_ORIGIN ?? simulator?.origin,
      graph: env.INSTAGRAM_GRAPH_ORIGIN ?? simulator?.origin,
    }),
    ...(env.GRAPH_VERSION === undefined ? {} : { graphVersion: env.GRAPH_VERSION }),
  };
}

function readFacebook(env: Parsed, simulator: Simulated): Config["facebook"] {
  const clientId = env.FACEBOOK_CLIENT_ID ?? (simulator === null ? null : SIMULATOR_FACEBOOK_CLIENT_ID);
  if (clientId === null) return null;
  return {
    app: {
      clientId,
      clientSecret: env.FACEBOOK_CLIENT_SECRET ?? simulator?.secrets.simulatorFacebookSecret ?? "",
    },
    origins: defined({
      dialog: env.FACEBOOK_DIALOG_ORIGIN ?? simulator?.facebookOrigin,
      graph: env.FACEBOOK_GRAPH_ORIGIN ?? simulator?.facebookOrigin,
    }),
    ...(env.GRAPH_VERSION === undefined ? {} : { graphVersion: env.GRAPH_VERSION }),
    ...(env.FACEBOOK_CONFIG_ID === undefined ? {} : { configId: env.FACEBOOK_CONFIG_ID }),
  };
}

/** Beside the SQLite file, so that both remember the same tokens and are forgotten together. */
function dataFolderOf(databaseUrl: string, folder: string): string {
  const isFile = databaseUrl.startsWith("file:") && databaseUrl !== "file::memory:";
  return isFile ? path.dirname(databaseUrl.slice("file:".length)) : path.resolve(workspaceRoot, folder);
}

function absoluteDatabaseUrl(url: string): string {
  if (!url.startsWith("file:") || url === "file::memory:") return url;
  return `file:${path.resolve(workspaceRoot, url.slice("file:".length))}`;
}

/** Vite and Next ship variables with these prefixes to every browser. */
function bundledSecrets(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => /^(?:VITE|NEXT_PUBLIC)_/i.test(name) && /SECRET|TOKEN|KEY|PASSWORD/i.test(name))
    .map((name) => `${name} would be shipped to every browser; rename it without its prefix`);
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
}

/** What is malformed is reported and then read as if it were not set, so that one fault hides no other. */
function parseVariables(environment: Environment, problems: string[]): Parsed {
  const parsed = environmentSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const malformed = new Set<string>();
  for (const issue of parsed.error.issues) {
    problems.push(`${issue.path.join(".")} ${issue.message}`);
    malformed.add(String(issue.path[0]));
  }
  return environmentSchema.parse(
    Object.fromEntries(Object.entries(environment).filter(([name]) => !malformed.has(name))),
  );
}

type Parsed = z.infer<typeof environmentSchema>;

function readSchedule(env: Parsed, problems: string[]): Config["schedule"] {
  const periodMs = longestPeriodMs(env.REFRESH_CRON);
  if (periodMs === null) problems.push("REFRESH_CRON is not a cron expression that ever runs");
  const schedule = {
    cron: env.REFRESH_CRON,
    concurrency: env.REFRESH_CONCURRENCY,
    leaseMs: env.REFRESH_LEASE_SECONDS * 1_000,
    leadMs: env.REFRESH_LEAD_DAYS * DAY_MS,
    urgentMs: env.REFRESH_URGENT_DAYS * DAY_MS,
    periodMs: periodMs ?? DAY_MS,
  };
  const survivedMs = outageSurvivedMs(schedule);
  if (periodMs !== null && survivedMs < REQUIRED_OUTAGE_MS) {
    problems.push(
      `REFRESH_LEAD_DAYS (${env.REFRESH_LEAD_DAYS}) less the longest gap of REFRESH_CRON (${days(periodMs)}) leaves ${days(survivedMs)}: ` +
        "a schedule must survive an outage of 7 days. Raise the lead or sweep more often",
    );
  }
  if (env.REFRESH_URGENT_DAYS >= env.REFRESH_LEAD_DAYS) {
    problems.push("REFRESH_URGENT_DAYS must be smaller than REFRESH_LEAD_DAYS");
  }
  return schedule;
}

function days(durationMs: number): string {
  return `${(durationMs / DAY_MS).toFixed(2)} days`;
}

function readAlertWebhook(env: Parsed, isProduction: boolean, problems: string[]): Config["alertWebhook"] {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = env;
  if (url === undefined && secret === undefined) return null;
  if (url === undefined || secret === undefined) {
    problems.push("ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET go together: set both or neither");
    return null;
  }
  if (isProduction && !isSecureOrigin(new URL(url).origin))
    problems.push("ALERT_WEBHOOK_URL must begin with https:// in production");
  return { url, secret };
}

/** In production nothing of the server's own is reached from the web, unless it is said to be. */
function readWebSinks(env: Parsed, isProduction: boolean, dataFolder: string): SinkLimits {
  const named = env.SINK_FOLDERS?.split(",").map((folder) => path.resolve(workspaceRoot, folder.trim()));
  return {
    folders: named ?? (isProduction ? [] : [path.join(dataFolder, "sinks")]),
    mayReachPrivate: !isProduction || env.SINKS_MAY_REACH_PRIVATE_ADDRESSES === "true",
    needsTls: isProduction,
  };
}

function checkApps(env: Parsed, isProduction: boolean, problems: string[]): void {
  const { INSTAGRAM_CLIENT_ID: instagram, FACEBOOK_CLIENT_ID: facebook } = env;
  checkApp("INSTAGRAM", { id: instagram, secret: env.INSTAGRAM_CLIENT_SECRET }, problems);
  checkApp("FACEBOOK", { id: facebook, secret: env.FACEBOOK_CLIENT_SECRET }, problems);
  if (isProduction && instagram === undefined && facebook === undefined) {
    problems.push(
      "INSTAGRAM_CLIENT_ID and INSTAGRAM_CLIENT_SECRET are required in production, or the same of FACEBOOK",
    );
  }
  if (instagram !== undefined && instagram === facebook) {
    problems.push(
      "INSTAGRAM_CLIENT_ID and FACEBOOK_CLIENT_ID are the same: each login has an app id of its own",
    );
  }
}

function checkApp(
  name: "INSTAGRAM" | "FACEBOOK",
  { id, secret }: { id: string | undefined; secret: string | undefined },
  problems: string[],
): void {
  if ((id === undefined) !== (secret === undefined))
    problems.push(`${name}_CLIENT_ID and ${name}_CLIENT_SECRET go together: set both or neither`);
  const whose = name === "INSTAGRAM" ? "Instagram" : "Facebook";
  if (id !== undefined && !/^\d{5,25}$/.test(id))
    problems.push(`${name}_CLIENT_ID is not an app id: digits only, from the ${whose} app's settings`);
  const weakness = secret === undefined ? null : weaknessOf(secret, 16);
  if (weakness !== null) problems.push(`${name}_CLIENT_SECRET ${weakness}`);
}

function checkProductionSecrets(env: Parsed, problems: string[]): void {
  for (const name of ["JWT_SECRET", "TOKEN_KEYS", "CRON_SECRET"] as const) {
    if (env[name] === undefined) problems.push(`${name} is required in production`);
  }
}

function checkSecret(name: string, secret: string | undefined, problems: string[]): void {
  const weakness = secret === undefined ? null : weaknessOf(secret, 32);
  if (weakness !== null) problems.push(`${name} ${weakness}`);
}

function readTokenKeys(text: string, problems: string[]): TokenKey[] {
  const ring: TokenKey[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part.trim()) ?? [];
    if (id === undefined || encoded === undefined) {
      problems.push(`TOKEN_KEYS entry ${index + 1} is not id:base64key`);
      continue;
    }
    const key = Buffer.from(encoded, "base64");
    const weakness = weaknessOfKey(key);
    if (weakness !== null) problems.push(`TOKEN_KEYS entry ${index + 1} ${weakness}`);
    if (ring.some((known) => known.id === id))
      problems.push(`TOKEN_KEYS entry ${index + 1} repeats a key id`);
    ring.push({ id, key });
  }
  return ring;
}

function isSecureOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || hostname === "localhost" || hostname === "127.0.0.1";
}

function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: string };
}
