import { isAddressRange } from "@perennial/connections";
import { z } from "zod";

const port = (fallback: number) =>
  z.coerce.number({ error: "is not a port number" }).int().min(1).max(65_535).default(fallback);

/** An origin, or an error that says what is wrong with it. Never shows the value. */
const origin = z.string().transform((text, context) => {
  const trimmed = text.replace(/\/$/, "");
  const isOrigin = URL.canParse(trimmed) && new URL(trimmed).origin === trimmed && /^https?:/.test(trimmed);
  if (!isOrigin) {
    context.addIssue({ code: "custom", message: "is not an origin such as https://app.example.com" });
    return z.NEVER;
  }
  return trimmed;
});

/** A SQLite file or a Postgres database. The address may hold a password: never shown. */
export const databaseAddress = z
  .string()
  .refine(
    (text) => /^file:./.test(text) || (/^postgres(?:ql)?:\/\/./.test(text) && URL.canParse(text)),
    "is neither file:./a/path nor postgresql://user:password@host/database",
  );

/** Addresses and ranges that requests may come through. */
const trustedProxies = z.string().transform((text, context) => {
  const ranges = text.split(",").map((part) => part.trim());
  if (ranges.every(isAddressRange)) return ranges;
  context.addIssue({ code: "custom", message: "is not a list such as 10.0.0.7,192.0.2.0/24,2001:db8::/64" });
  return z.NEVER;
});

/** Ids of people here. */
const userIds = z.string().transform((text, context) => {
  const ids = text.split(",").map((part) => part.trim());
  if (ids.every((id) => /^usr_[A-Za-z0-9_-]{22}$/.test(id))) return ids;
  context.addIssue({
    code: "custom",
    message: "is not a list of user ids, which begin with usr_; `perennial users` shows them",
  });
  return z.NEVER;
});

const wholeNumber = (minimum: number, maximum: number) =>
  z.coerce
    .number({ error: "is not a number" })
    .int("is not a whole number")
    .min(minimum, `is below ${minimum}`)
    .max(maximum, `is above ${maximum}`);

/** The variables of the public contract, with their defaults. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(["development", "test", "production"], { error: "is none of development, test, production" })
    .optional(),
  APP_URL: origin.default("http://localhost:5173"),
  HOST: z.string().default("127.0.0.1"),
  API_PORT: port(3000),
  WEB_PORT: port(5173),
  WORKER_PORT: port(3001),
  SIMULATOR_PORT: port(4010),
  /** Where the simulator plays Facebook; the port after its own unless said otherwise. */
  SIMULATOR_FACEBOOK_PORT: z.coerce
    .number({ error: "is not a port number" })
    .int()
    .min(1)
    .max(65_535)
    .optional(),
  API_PROCESSES: wholeNumber(1, 64).default(1),
  TRUSTED_PROXIES: trustedProxies.default([]),
  OPERATORS: userIds.default([]),
  API_REQUESTS_PER_MINUTE: wholeNumber(1, 100_000_000).default(1_200),
  SIGN_INS_PER_MINUTE: wholeNumber(1, 100_000_000).default(300),
  DATABASE_URL: databaseAddress.default("file:./data/perennial.db"),
  DATA_FOLDER: z.string().default("./data"),
  INSTAGRAM_CLIENT_ID: z.string().optional(),
  INSTAGRAM_CLIENT_SECRET: z.string().optional(),
  INSTAGRAM_AUTHORIZE_ORIGIN: origin.optional(),
  INSTAGRAM_API_ORIGIN: origin.optional(),
  INSTAGRAM_GRAPH_ORIGIN: origin.optional(),
  FACEBOOK_CLIENT_ID: z.string().optional(),
  FACEBOOK_CLIENT_SECRET: z.string().optional(),
  FACEBOOK_CONFIG_ID: z
    .string()
    .regex(/^\d{5,25}$/, "is not the id of a Facebook Login for Business configuration")
    .optional(),
  FACEBOOK_DIALOG_ORIGIN: origin.optional(),
  FACEBOOK_GRAPH_ORIGIN: origin.optional(),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, "is not a version such as v26.0")
    .optional(),
  JWT_SECRET: z.string().optional(),
  TOKEN_KEYS: z.string().optional(),
  CRON_SECRET: z.string().optional(),
  SIM_CONTROL_SECRET: z.string().optional(),
  REFRESH_CRON: z.string().default("*/15 * * * *"),
  REFRESH_LEAD_DAYS: wholeNumber(1, 58).default(30),
  REFRESH_URGENT_DAYS: wholeNumber(1, 57).default(7),
  REFRESH_CONCURRENCY: wholeNumber(1, 1024).default(16),
  REFRESH_LEASE_SECONDS: wholeNumber(2, 300).default(15),
  ALERT_WEBHOOK_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not a web address")
    .optional(),
  ALERT_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "is not whsec_ and then at least 24 random bytes in base64")
    .optional(),
  SINK_FOLDERS: z.string().optional(),
  SINKS_MAY_REACH_PRIVATE_ADDRESSES: z
    .enum(["true", "false"], { error: "is neither true nor false" })
    .default("false"),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], { error: "is not a log level" })
    .default("info"),
});
