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
 * Starts the plain Express server. `NORMAL` is what better-sqlite3 does with a write-ahead log unless it is
 * told otherwise; `FULL` makes the promise Perennial makes, that a commit has reached the disk.
 */
export async function startExpress(
  options: ContenderOptions & { synchronous: "NORMAL" | "FULL" },
): Promise<Contender> {
  const { folder, instagram, profileFolder, synchronous } = options;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const redirectUri = `${origin}/auth/instagram/callback`;
  const databaseFile = path.join(folder, `express-${synchronous}.db`);
  const child = startProcess({
    name: `express-${synchronous}`,
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
      SYNCHRONOUS: synchronous,
    },
    logFile: path.join(folder, `express-${synchronous}.log`),
    profileFolder,
  });
  await child.readyAt(`${origin}/healthz`);
  await checkSynchronous(`${origin}/healthz`, synchronous);
  const browser = createPlainClient(port);
  const request = new URLSearchParams({
    client_id: instagram.app.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: SCOPES,
  });
  const authorizationUrl = `${instagram.origin}/oauth/authorize?${request.toString()}`;

  return {
    name: `Express, synchronous ${synchronous}`,
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
async function checkSynchronous(url: string, expected: "NORMAL" | "FULL"): Promise<void> {
  const { synchronous } = (await (await fetch(url)).json()) as { synchronous: number };
  if (synchronous !== { NORMAL: 1, FULL: 2 }[expected]) {
    throw new Error(`The baseline runs with synchronous ${synchronous}, not ${expected}.`);
  }
}
