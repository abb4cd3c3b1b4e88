import { freePort } from "@perennial/runtime/testing";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { startProcess } from "../lib/bench-process.ts";
import { createPlainClient } from "../lib/plain-client.ts";
import { countRows } from "./count-rows.ts";
import type { AllowedSignIn, Contender, ContenderOptions } from "./contender.ts";

const BASELINE = fileURLToPath(import.meta.resolve("../express-baseline.ts"));
const SESSION_COOKIE = /^set-cookie: session=[^;]{20,}/im;
const SCOPES = "instagram_business_basic,instagram_business_content_publish";

/**
 * How the plain Express server has its database set. Untouched, a commit has reached the disk when it is acknowledged,
 * as Perennial's have. With a log it has so only when `FULL` is asked for, too: `NORMAL` is what better-sqlite3 does
 * with one unless it is told otherwise, and a power cut may forget the last commits.
 */
const SETTINGS = {
  untouched: { name: "Express, SQLite untouched", pragmas: [], journalMode: "delete", synchronous: 2 },
  full: {
    name: "Express, log, FULL",
    pragmas: ["journal_mode = WAL", "synchronous = FULL"],
    journalMode: "wal",
    synchronous: 2,
  },
  normal: {
    name: "Express, log, NORMAL",
    pragmas: ["journal_mode = WAL"],
    journalMode: "wal",
    synchronous: 1,
  },
} as const;

/** Starts the plain Express server. */
export async function startExpress(
  options: ContenderOptions & { setting: keyof typeof SETTINGS },
): Promise<Contender> {
  const { folder, instagram, profileFolder, setting } = options;
  const { name, pragmas } = SETTINGS[setting];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const redirectUri = `${origin}/auth/instagram/callback`;
  const databaseFile = path.join(folder, `express-${setting}.db`);
  const child = startProcess({
    name: `express-${setting}`,
    file: BASELINE,
    env: {
      NODE_ENV: "production",
      PORT: String(port),
      CLIENT_ID: instagram.app.clientId,
      CLIENT_SECRET: instagram.app.clientSecret,
      REDIRECT_URI: redirectUri,
      API_ORIGIN: instagram.origin,
      GRAPH_ORIGIN: instagram.origin,
      JWT_SECRET: randomBytes(48).toString("base64url"),
      DATABASE_FILE: databaseFile,
      PRAGMAS: pragmas.join(";"),
    },
    logFile: path.join(folder, `express-${setting}.log`),
    profileFolder,
  });
  await child.readyAt(`${origin}/healthz`);
  await checkSetting(`${origin}/healthz`, setting);
  const browser = createPlainClient(port);
  const request = new URLSearchParams({
    client_id: instagram.app.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: SCOPES,
  });
  const authorizationUrl = `${instagram.origin}/oauth/authorize?${request.toString()}`;

  return {
    name,
    process: child,
    asksServerToBegin: false,
    begin: () => Promise.resolve({ authorizationUrl, cookie: null }),
    complete: async ({ redirect }: AllowedSignIn) => {
      const { status, head, body } = await browser.ask({
        method: "GET",
        path: redirect.pathname + redirect.search,
      });
      const isSignedIn = SESSION_COOKIE.test(head) && body.includes('"user"');
      if (status !== 200 || !isSignedIn) throw new Error(`The Express callback: HTTP ${status}, ${body}`);
    },
    countAccounts: () => Promise.resolve(countRows(databaseFile, "users")),
    [Symbol.asyncDispose]: async () => {
      browser[Symbol.dispose]();
      await child[Symbol.asyncDispose]();
    },
  };
}

/** What SQLite itself says, so that the name in the table is true. */
async function checkSetting(url: string, expected: keyof typeof SETTINGS): Promise<void> {
  const { journalMode, synchronous } = SETTINGS[expected];
  const found = (await (await fetch(url)).json()) as { journalMode: string; synchronous: number };
  if (found.journalMode !== journalMode || found.synchronous !== synchronous) {
    throw new Error(`The baseline runs with ${JSON.stringify(found)}, not as ${expected}.`);
  }
}
