import {
  createConnections,
  createTokenSeal,
  noteCall,
  type Connections,
  type ConnectionsDeps,
  type ConnectionsEvent,
  type Logins,
} from "@perennial/connections";
import { openStore, type ProcessKind, type Store } from "@perennial/db";
import {
  createFacebookLogin,
  createInstagramLogin,
  createTransport,
  type InstagramCall,
  type Transport,
} from "@perennial/instagram";
import { createSecretKey, randomBytes } from "node:crypto";

import { createAlertSender } from "./alert-sender.ts";
import { checkTokenKeys, checkTokenKeysStillFit } from "./check-keys.ts";
import { followSimulatorClock, systemClock, type Clock, type FollowedClock } from "./clock.ts";
import { createClockWatch } from "./clock-watch.ts";
import type { Config } from "./config.ts";
import { startHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { openLog, type Log } from "./log.ts";
import { createSinkWriter } from "./sinks/sink-writer.ts";

/** What api, worker and cli share, opened once per process and closed when it ends. */
export type Runtime = AsyncDisposable & {
  readonly config: Config;
  readonly log: Log;
  readonly connections: Connections;
  /** The id this process is known by while it beats. */
  readonly processId: string;
  /** Hears of everything that happens to connections in this process, from now on. */
  listen(listener: (event: ConnectionsEvent) => void): void;
  readonly clock: Clock;
  /** The simulator's clock, while it plays Instagram. */
  readonly simulatorClock: FollowedClock | null;
  /**
   * Proves that the database can be written, has the schema of this version, and was used with these keys.
   *
   * @throws {StoreError}
   * @throws {ConfigError} when another database has taken its place, used with other keys.
   */
  checkReady(): Promise<void>;
  /** Makes this process known as a server until it is stopped, so that nobody moves the database unaware. */
  beat(kind: ProcessKind): Promise<Heartbeat>;
  /** Deletes expired sessions and old sign-in attempts; returns how many rows went. */
  prune(): Promise<number>;
};

/** Who opens the runtime, and what for. */
export type RuntimeOptions = {
  name: string;
  log?: Log;
  /** For servers: a sync of the disk must not hold up who only reads. See `openStore`. */
  writesOnThread?: boolean;
  /** How long the simulator's first answer is waited for; a server starts beside it, and waits longer. */
  simulatorWaitMs?: number;
  /** Puts something between the use cases and their store; for tests of what happens there. */
  decorateStore?: (store: Store) => Store;
};

/**
 * Opens store, seal, clock, log and the Instagram client from a configuration.
 *
 * @throws {ConfigError} when the key ring does not fit the database.
 * @throws {StoreError} when the database cannot be opened or is newer than this code.
 * @throws {SimulatorAwayError} when the simulator is to play Instagram, and does not run.
 */
export async function openRuntime(config: Config, options: RuntimeOptions): Promise<Runtime> {
  const log = options.log ?? openLog({ name: options.name, level: config.logLevel });
  const seal = createTokenSeal(config.tokenKeys);
  const opened = await openStore(config.databaseUrl, {
    writesOnThread: options.writesOnThread ?? false,
    onWarning: (sentence) => log.warn({ event: "database.doubtful_place" }, sentence),
  });
  const store = options.decorateStore?.(opened) ?? opened;
  try {
    await checkTokenKeys(store, seal);
    const simulatorClock = await followSimulator(config, options.simulatorWaitMs);
    return assemble({ config, log, store, seal, simulatorClock });
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function followSimulator(
  { simulator }: Config,
  firstReadingMs?: number,
): Promise<FollowedClock | null> {
  if (simulator === null) return null;
  return await followSimulatorClock(
    firstReadingMs === undefined ? simulator : { ...simulator, firstReadingMs },
  );
}

type Parts = {
  config: Config;
  log: Log;
  store: Store;
  seal: ReturnType<typeof createTokenSeal>;
  simulatorClock: FollowedClock | null;
};

function assemble({ config, log, store, seal, simulatorClock }: Parts): Runtime {
  const clock = simulatorClock ?? systemClock;
  const transport = createTransport();
  const sinkWriter = createSinkWriter(config.webSinks);
  const wallNow = (): Date => new Date();
  const listeners: ((event: ConnectionsEvent) => void)[] = [(event) => logEvent(log, event)];
  const processId = `prc_${randomBytes(12).toString("base64url")}`;
  // A simulator's clock jumps when it is told to, and we follow a moment later: that is no fault.
  const clockWatch = createClockWatch(log);
  const toCalls = {
    transport,
    now: clock.now,
    ...(simulatorClock === null ? { onClockSkew: clockWatch.note } : {}),
    onCall: log.isLevelEnabled("debug")
      ? (call: InstagramCall) => {
          noteCall(call);
          logCall(log, call);
        }
      : noteCall,
  };
  const { instagram, facebook } = config;
  const logins: Logins = {
    ...(instagram === null ? {} : { instagram: createInstagramLogin({ ...instagram, ...toCalls }) }),
    ...(facebook === null ? {} : { facebook: createFacebookLogin({ ...facebook, ...toCalls }) }),
  };
  const connections = createConnections({
    store,
    logins,
    exchangedLogins: exchangedLogins(config, toCalls),
    seal,
    schedule: config.schedule,
    leaseMs: config.schedule.leaseMs,
    processes: config.apiProcesses,
    sendAlert: config.alertWebhook === null ? null : createAlertSender(config.alertWebhook, transport),
    sinkWriter,
    linkKey: createSecretKey(config.jwtSecret, "utf8"),
    callbackSecrets: callbackSecretsOf(config),
    appUrl: config.appUrl,
    now: clock.now,
    wallNow,
    isClockWrong: clockWatch.isWrong,
    random: Math.random,
    onEvent: (event) => {
      for (const listener of listeners) listener(event);
    },
  });
  return {
    config,
    log,
    connections,
    processId,
    listen: (listener) => void listeners.push(listener),
    clock,
    simulatorClock,
    checkReady: async () => {
      await store.checkMigrated();
      await checkTokenKeysStillFit(store, seal);
      await store.checkWritable();
    },
    beat: (kind) => startHeartbeat({ store, id: processId, kind, keyIds: seal.keyIds, log }),
    prune: () => store.prune(wallNow()),
    [Symbol.asyncDispose]: async () => {
      simulatorClock?.stop();
      await connections.callbacks.stop();
      await connections.sinks.stop();
      await sinkWriter[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Whose people a callback is about follows from whose secret signed it. */
function callbackSecretsOf({ instagram, facebook }: Config): ConnectionsDeps["callbackSecrets"] {
  const ofLogin = (flavour: "instagram" | "facebook", login: Config["instagram"] | Config["facebook"]) =>
    login === null ? [] : [{ flavour, key: createSecretKey(login.app.clientSecret, "utf8") }];
  return [...ofLogin("instagram", instagram), ...ofLogin("facebook", facebook)];
}

/** Each login's host with the other's app, where both are configured. Their calls are nobody's. */
function exchangedLogins(
  { instagram, facebook }: Config,
  toCalls: { transport: Transport; now: () => Date },
): Logins {
  if (instagram === null || facebook === null) return {};
  const { transport, now } = toCalls;
  return {
    instagram: createInstagramLogin({ ...instagram, app: facebook.app, transport, now }),
    facebook: createFacebookLogin({ ...facebook, app: instagram.app, transport, now }),
  };
}

function logCall(log: Log, call: InstagramCall): void {
  const { startedAt: _startedAt, error, readHeaders, ...rest } = call;
  const traceId = error?.traceId;
  const failure = error === undefined ? {} : { errorCode: error.code, reason: error.reason };
  log.debug(
    {
      event: "instagram.call",
      ...rest,
      ...readHeaders(),
      ...failure,
      ...(traceId === undefined ? {} : { traceId }),
    },
    "called Instagram",
  );
}

const WARNINGS: ReadonlySet<ConnectionsEvent["event"]> = new Set([
  "app.degraded",
  "connection.expiring",
  "connection.failing",
  "connection.reconnect_required",
  "connection.lease_lost",
  "sink.failed",
]);

function logEvent(log: Log, event: ConnectionsEvent): void {
  if ("error" in event) {
    const { error, ...rest } = event;
    log.error({ ...rest, err: error }, event.event);
  } else if (WARNINGS.has(event.event)) log.warn(event, event.event);
  else log.info(event, event.event);
}
