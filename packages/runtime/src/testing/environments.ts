import { randomBytes } from "node:crypto";

import type { Environment } from "../environment.ts";

/** A production environment with nothing wrong in it. Every call draws new secrets. */
export function soundProductionEnvironment(): Record<string, string> {
  return {
    NODE_ENV: "production",
    APP_URL: "https://app.example.com",
    DATABASE_URL: "file:/nonexistent/perennial.db",
    INSTAGRAM_CLIENT_ID: "990000000000001",
    INSTAGRAM_CLIENT_SECRET: randomBytes(16).toString("hex"),
    JWT_SECRET: randomBytes(48).toString("base64url"),
    TOKEN_KEYS: `k1:${randomBytes(32).toString("base64")}`,
    CRON_SECRET: randomBytes(32).toString("base64url"),
  };
}

/** Twelve and more ways to get it wrong: what is changed, and what the message has to name. */
export const BROKEN_SETTINGS: readonly { what: string; change: Environment; names: string }[] = [
  { what: "a missing key ring", change: { TOKEN_KEYS: undefined }, names: "TOKEN_KEYS is required" },
  { what: "an empty key ring", change: { TOKEN_KEYS: "" }, names: "TOKEN_KEYS is required" },
  {
    what: "a key that is too short",
    change: { TOKEN_KEYS: `k1:${randomBytes(16).toString("base64")}` },
    names: "TOKEN_KEYS entry 1 is not 32 bytes",
  },
  {
    what: "a key of zeros",
    change: { TOKEN_KEYS: `k1:${Buffer.alloc(32).toString("base64")}` },
    names: "TOKEN_KEYS entry 1 repeats",
  },
  {
    what: "a key of readable text",
    change: { TOKEN_KEYS: `k1:${Buffer.from("this-is-my-very-own-secret-key-1").toString("base64")}` },
    names: "TOKEN_KEYS entry 1 is readable text",
  },
  {
    what: "a key without an id",
    change: { TOKEN_KEYS: randomBytes(32).toString("base64") },
    names: "TOKEN_KEYS entry 1 is not id:base64key",
  },
  { what: "a placeholder for a key", change: { TOKEN_KEYS: "k1:CHANGE_ME" }, names: "TOKEN_KEYS entry 1" },
  {
    what: "a key id used twice",
    change: { TOKEN_KEYS: `k:${randomBytes(32).toString("base64")},k:${randomBytes(32).toString("base64")}` },
    names: "TOKEN_KEYS entry 2 repeats",
  },
  { what: "a missing session secret", change: { JWT_SECRET: undefined }, names: "JWT_SECRET is required" },
  { what: "a short session secret", change: { JWT_SECRET: "aB3dE6gH9" }, names: "JWT_SECRET is shorter" },
  {
    what: "a placeholder session secret",
    change: { JWT_SECRET: "please-change-me-please-change-me-now" },
    names: "JWT_SECRET is a placeholder",
  },
  {
    what: "a session secret in quotes",
    change: { JWT_SECRET: `"${randomBytes(32).toString("hex")}"` },
    names: "JWT_SECRET has quotes",
  },
  {
    what: "a cron secret of one letter",
    change: { CRON_SECRET: "a".repeat(64) },
    names: "CRON_SECRET repeats",
  },
  {
    what: "the literal undefined",
    change: { CRON_SECRET: "undefined" },
    names: "CRON_SECRET is a placeholder",
  },
  {
    what: "no Meta app",
    change: { INSTAGRAM_CLIENT_ID: undefined, INSTAGRAM_CLIENT_SECRET: undefined },
    names: "INSTAGRAM_CLIENT_ID",
  },
  {
    what: "an app id without its secret",
    change: { INSTAGRAM_CLIENT_SECRET: undefined },
    names: "go together",
  },
  {
    what: "a secret where the app id belongs",
    change: { INSTAGRAM_CLIENT_ID: "0a1b2c3d4e5f" },
    names: "INSTAGRAM_CLIENT_ID is not an app id",
  },
  {
    what: "plain http in production",
    change: { APP_URL: "http://app.example.com" },
    names: "APP_URL must begin with https",
  },
  {
    what: "an address with a path",
    change: { APP_URL: "https://app.example.com/app" },
    names: "APP_URL is not an origin",
  },
  {
    what: "a secret with a prefix that bundlers ship",
    change: { VITE_INSTAGRAM_CLIENT_SECRET: "x" },
    names: "VITE_INSTAGRAM_CLIENT_SECRET would be shipped",
  },
  {
    what: "a schedule that cannot survive a week",
    change: { REFRESH_LEAD_DAYS: "8", REFRESH_CRON: "0 3 * * 1" },
    names: "8) less the longest gap of REFRESH_CRON (7.00 days) leaves 1.00 days",
  },
  {
    what: "a cron expression that never runs",
    change: { REFRESH_CRON: "61 * * * *" },
    names: "REFRESH_CRON is not",
  },
  { what: "a misspelt NODE_ENV", change: { NODE_ENV: "prodution" }, names: "NODE_ENV is none of" },
  { what: "a port that is none", change: { API_PORT: "http" }, names: "API_PORT is not a port" },
  {
    what: "a lease that a call may outlast",
    change: { REFRESH_LEASE_SECONDS: "5" },
    names: "REFRESH_LEASE_SECONDS must be at least 12",
  },
  {
    what: "a second cron secret that is weak",
    change: { CRON_SECRET: `${randomBytes(32).toString("base64url")},short` },
    names: "CRON_SECRET",
  },
  {
    what: "neither yes nor no to private addresses",
    change: { SINKS_MAY_REACH_PRIVATE_ADDRESSES: "yes" },
    names: "SINKS_MAY_REACH_PRIVATE_ADDRESSES is neither true nor false",
  },
  {
    what: "a name where a user id belongs",
    change: { OPERATORS: "@acme.shop" },
    names: "OPERATORS is not a list of user ids",
  },
  {
    what: "an address for alerts without a secret",
    change: { ALERT_WEBHOOK_URL: "https://alerts.example.com/" },
    names: "ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET go together",
  },
  {
    what: "an address for alerts that is not encrypted",
    change: { ALERT_WEBHOOK_URL: "http://alerts.example.com/", ALERT_WEBHOOK_SECRET: webhookSecret() },
    names: "ALERT_WEBHOOK_URL must begin with https://",
  },
  {
    what: "a secret for alerts that is too short",
    change: { ALERT_WEBHOOK_URL: "https://alerts.example.com/", ALERT_WEBHOOK_SECRET: "whsec_c2hvcnQ=" },
    names: "ALERT_WEBHOOK_SECRET is not whsec_",
  },
];

function webhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
