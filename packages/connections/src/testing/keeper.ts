import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { openStore, type Flavour, type Store } from "@perennial/db";
import {
  createFacebookLogin,
  createInstagramLogin,
  createTransport,
  type InstagramLogin,
} from "@perennial/instagram";
import { startSimulator, type Simulator, type SimulatorOptions } from "@perennial/simulator";

import { createConnections, type Connections } from "../create-connections.ts";
import type { ConnectionsDeps, ConnectionsEvent } from "../deps.ts";
import type { SignedIn } from "../sign-in-result.ts";
import type { RefreshSchedule } from "../policy.ts";
import { createTokenSeal } from "../token-seal.ts";
import { noteCall } from "../transcript.ts";

/** Where a test's people come back to. */
export const APP_URL = "http://localhost:5173";

const DAY_MS = 86_400_000;

/** The schedule of the tests: the product's own defaults. */
export const SCHEDULE: RefreshSchedule = { leadMs: 30 * DAY_MS, urgentMs: 7 * DAY_MS, periodMs: 900_000 };

/** The use cases over a real store and a real simulator, with a clock that the test moves. */
export type TestKeeper = AsyncDisposable & {
  readonly sim: Simulator;
  readonly store: Store;
  readonly deps: ConnectionsDeps;
  readonly connections: Connections;
  readonly events: ConnectionsEvent[];
  /** Moves the people's clock: sessions and attempts. Tokens age by `sim.clock`. */
  advanceWall(byMs: number): void;
  /** Another process on the same database. */
  another(): Promise<{ connections: Connections; store: Store }>;
  /** Signs a person in and gives the result. */
  signIn(
    user: string,
    options?: { linkUserId?: string; sessionId?: string },
  ): Promise<SignedIn & { sessionId: string }>;
  begin(options?: {
    flavour?: Flavour;
    linkUserId?: string;
    reconnectLink?: string;
    reconnectConnectionId?: string;
  }): Promise<BegunTest>;
};

/** A sign-in that was begun, with what its browser holds. */
export type BegunTest = {
  attemptId: string;
  authorizationUrl: string;
  browserSecretOf: (id: string) => string | null;
};

/** Opens a keeper for one test. */
export async function openTestKeeper(
  options: {
    simulator?: SimulatorOptions;
    /** An empty database; a SQLite file unless given. */
    databaseUrl?: string;
    /** The clock that leases and breakers go by, in milliseconds since 1970; the machine's unless given. */
    leaseNow?: () => number;
    change?: (deps: ConnectionsDeps) => Partial<ConnectionsDeps>;
  } = {},
): Promise<TestKeeper> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-keeper-"));
  const databaseUrl = options.databaseUrl ?? `file:${path.join(folder, "perennial.db")}`;
  const wall = { ms: Date.parse("2026-06-01T12:00:00Z") };
  const sim = await startSimulator({ ...options.simulator });
  const transport = createTransport();
  const login: InstagramLogin = createInstagramLogin({
    app: sim.instagramApp,
    origins: { authorize: sim.origin, api: sim.origin, graph: sim.origin },
    transport,
    now: () => sim.clock.now(),
    onCall: noteCall,
  });
  const facebook = createFacebookLogin({
    app: sim.facebookApp,
    origins: { dialog: sim.facebookOrigin, graph: sim.facebookOrigin },
    transport,
    now: () => sim.clock.now(),
    onCall: noteCall,
  });
  const events: ConnectionsEvent[] = [];
  const ofStore = options.leaseNow === undefined ? {} : { leaseNow: options.leaseNow };
  const store = await openStore(databaseUrl, ofStore);
  const base: ConnectionsDeps = {
    store,
    logins: { instagram: login, facebook },
    seal: createTokenSeal([{ id: "test", key: randomBytes(32) }]),
    schedule: SCHEDULE,
    leaseMs: 15_000,
    sendAlert: null,
    sinkWriter: null,
    processes: 4,
    linkKey: createSecretKey(randomBytes(32)),
    callbackSecrets: [
      { flavour: "instagram", key: createSecretKey(sim.instagramApp.clientSecret, "utf8") },
      { flavour: "facebook", key: createSecretKey(sim.facebookApp.clientSecret, "utf8") },
    ],
    appUrl: APP_URL,
    now: () => sim.clock.now(),
    wallNow: () => new Date(wall.ms),
    isClockWrong: () => false,
    random: () => 0.5,
    onEvent: (event) => void events.push(event),
  };
  const deps = { ...base, ...options.change?.(base) };
  const connections = createConnections(deps);
  const others: Store[] = [];

  const begin: TestKeeper["begin"] = async (begun = {}) => {
    const { attemptId, authorizationUrl, browserSecret } = await connections.beginSignIn({
      flavour: begun.flavour ?? "instagram",
      returnTo: "/connections",
      linkUserId: begun.linkUserId ?? null,
      forceReauth: false,
      reconnectLink: begun.reconnectLink ?? null,
      reconnectConnectionId: begun.reconnectConnectionId ?? null,
      rerequest: false,
    });
    return {
      attemptId,
      authorizationUrl,
      browserSecretOf: (id) => (id === attemptId ? browserSecret : null),
    };
  };

  return {
    sim,
    store,
    deps,
    connections,
    events,
    begin,
    advanceWall: (byMs) => void (wall.ms += byMs),
    another: async () => {
      const other = await openStore(databaseUrl, ofStore);
      others.push(other);
      return { store: other, connections: createConnections({ ...deps, store: other }) };
    },
    signIn: async (user, { linkUserId, sessionId } = {}) => {
      const begun = await begin(linkUserId === undefined ? {} : { linkUserId });
      const address = await sim.authorize({ authorizationUrl: begun.authorizationUrl, user });
      const result = await connections.completeSignIn({
        flavour: "instagram",
        query: new URL(address).search,
        browserSecretOf: begun.browserSecretOf,
        sessionId: sessionId ?? null,
        userAgent: "test",
      });
      if (result.kind !== "signed_in" || result.session === null)
        throw new Error("The sign-in opened no session.");
      return { ...result, sessionId: result.session.id };
    },
    [Symbol.asyncDispose]: async () => {
      for (const other of others) await other[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
