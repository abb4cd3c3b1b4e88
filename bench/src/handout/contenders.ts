import { createConnections, createTokenSeal } from "@perennial/connections";
import { openStore } from "@perennial/db";
import { developmentSecrets, readConfig, workspaceRoot } from "@perennial/runtime";
import { freePort } from "@perennial/runtime/testing";
import Database from "better-sqlite3";
import { createCipheriv, createSecretKey, randomBytes } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { startProcess, type BenchProcess } from "../lib/bench-process.ts";
import { fillSqlite } from "../lib/fill-sqlite.ts";
import { perennialEnvironment } from "../signin/perennial-environment.ts";
import type { Asking } from "./drive.ts";

/** A server that hands out one token. */
export type Contender = { name: string; process: BenchProcess; asking: Asking };

/** Tokens are about as long as Instagram's. */
export const TOKEN = `IGAA${randomBytes(120).toString("base64url")}`;

const DAY_MS = 86_400_000;
const SCOPES = ["instagram_business_basic", "instagram_business_content_publish"];
const CONNECTION_ID = "con_bench0000000000000000A";

/** Perennial as it is: a key, scopes, limits and the log of every hand-out, over a database that holds others too. */
export async function startPerennial(
  folder: string,
  options: { stored: number; profileFolder?: string | undefined },
): Promise<Contender> {
  const databaseUrl = `file:${path.join(folder, "perennial.db")}`;
  await fillSqlite(path.join(folder, "perennial.db"), {
    stored: options.stored,
    due: 1,
    historyRows: 0,
    seed: 7,
  });
  developmentSecrets(folder);
  const secret = await storeToken(databaseUrl);
  const port = await freePort();
  const process = startProcess({
    name: "perennial-api",
    file: path.join(workspaceRoot, "apps/api/src/main.ts"),
    env: {
      ...perennialEnvironment({ folder, simulatorPort: 1 }),
      INSTAGRAM_CLIENT_ID: "990000000000001", // so that no simulator is asked for the time
      INSTAGRAM_CLIENT_SECRET: randomBytes(16).toString("hex"),
      API_REQUESTS_PER_MINUTE: "100000000",
      API_PORT: String(port),
    },
    logFile: path.join(folder, "perennial-api.log"),
    profileFolder: options.profileFolder,
  });
  await process.readyAt(`http://127.0.0.1:${port}/readyz`);
  const query = `scopes=${SCOPES.join(",")}`;
  return {
    name: "Perennial",
    process,
    asking: {
      port,
      path: `/v1/connections/${CONNECTION_ID}/token?${query}`,
      headers: { authorization: `Bearer ${secret}` },
      mustHold: TOKEN,
    },
  };
}

/** Signs one person in as the store sees it, and makes a key of theirs. */
async function storeToken(databaseUrl: string): Promise<string> {
  const config = readConfig({ DATABASE_URL: databaseUrl });
  const seal = createTokenSeal(config.tokenKeys);
  await using store = await openStore(databaseUrl);
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 50 * DAY_MS);
  const profile = {
    name: null,
    pictureUrl: null,
    followersCount: null,
    followsCount: null,
    mediaCount: null,
  };
  const imported = await store.importAccount({
    flavour: "instagram",
    account: {
      accountId: "17841409999999999",
      appScopedId: "999",
      appId: "990000000000001",
      profile: { ...profile, username: "bench", accountType: "BUSINESS" },
      token: {
        sealedToken: seal.seal(TOKEN, { connectionId: CONNECTION_ID, flavour: "instagram" }),
        tokenIssuedAt: new Date(now.getTime() - 10 * DAY_MS),
        tokenExpiresAt: expiresAt,
        isExpiryEstimated: false,
        hasNoExpiry: false,
        dataAccessExpiresAt: null,
        permissions: SCOPES,
        nextRefreshAt: new Date(now.getTime() + 20 * DAY_MS),
      },
      connectionId: CONNECTION_ID,
      requestedScopes: SCOPES,
      pageId: null,
      pageName: null,
      history: {
        id: "att_bench",
        kind: "import",
        trigger: "cli",
        startedAt: now,
        finishedAt: now,
        outcome: "succeeded",
        errorCode: null,
        traceId: null,
        transcript: null,
        tokenExpiresAt: expiresAt,
      },
      recovery: {
        id: "alt_bench",
        kind: "connection.recovered",
        userId: null,
        connectionId: CONNECTION_ID,
        flavour: "instagram",
        appId: "990000000000001",
        errorCode: null,
        daysLeft: null,
        tokenExpiresAt: null,
        createdAt: now,
        deliverAt: null,
      },
      audit: null,
    },
    userId: null,
    audit: null,
    newUserId: "usr_bench",
    now,
    wallNow: now,
  });
  if (imported.kind !== "imported") throw new Error(`The token was not stored: ${imported.kind}.`);
  const connections = createConnections({
    store,
    seal,
    logins: {},
    schedule: config.schedule,
    leaseMs: config.schedule.leaseMs,
    sendAlert: null,
    sinkWriter: null,
    processes: 1,
    linkKey: createSecretKey(randomBytes(32)),
    callbackSecrets: [],
    appUrl: config.appUrl,
    now: () => now,
    wallNow: () => now,
    isClockWrong: () => false,
    random: Math.random,
    onEvent: () => undefined,
  });
  const request = {
    userId: "usr_bench",
    name: "Bench",
    actions: ["token"],
    connectionIds: [CONNECTION_ID],
  } as const;
  return (await connections.createApiKey({ ...request, expiresAt: null, allowedAddresses: null })).secret;
}

/** Node's own server, one prepared statement, one decryption. */
export async function startFloor(folder: string, stored: number): Promise<Contender> {
  const file = path.join(folder, "floor.db");
  const key = randomBytes(32);
  const database = new Database(file);
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE tokens (id TEXT PRIMARY KEY, nonce BLOB NOT NULL, sealed BLOB NOT NULL)");
  const insert = database.prepare("INSERT INTO tokens VALUES (?, ?, ?)");
  database.transaction(() => {
    for (let number = 0; number <= stored; number += 1) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(TOKEN, "utf8"), cipher.final(), cipher.getAuthTag()]);
      insert.run(number === stored ? CONNECTION_ID : `con_${number}`, nonce, sealed);
    }
  })();
  database.close();
  const env = { DATABASE_FILE: file, KEY: key.toString("base64") };
  return await startPlain("bare node:http", "./bare-floor.ts", { folder, env });
}

/** Node's own server with one answer for everybody: nobody who answers with it can be faster. */
export async function startConstant(folder: string): Promise<Contender> {
  const env = { BODY: JSON.stringify({ access_token: TOKEN }) };
  return await startPlain("node:http, a constant", "./bare-constant.ts", { folder, env });
}

/** Express over a Redis server that holds the token. */
export async function startExpress(folder: string, redisUrl: string): Promise<Contender> {
  return await startPlain("Express and Redis", "./express-redis.ts", {
    folder,
    env: { NODE_ENV: "production", REDIS_URL: redisUrl },
  });
}

async function startPlain(
  name: string,
  file: string,
  { folder, env }: { folder: string; env: Record<string, string> },
): Promise<Contender> {
  const port = await freePort();
  const process = startProcess({
    name,
    file: fileURLToPath(import.meta.resolve(file)),
    env: { ...env, PORT: String(port) },
    logFile: path.join(folder, `${path.basename(file)}.log`),
  });
  await process.readyAt(`http://127.0.0.1:${port}/healthz`);
  return { name, process, asking: { port, path: `/token/${CONNECTION_ID}`, mustHold: TOKEN } };
}

/** What Redis has to hold for Express. */
export const REDIS_ENTRY: [key: string, value: string] = [`token:${CONNECTION_ID}`, TOKEN];
