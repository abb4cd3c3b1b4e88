import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Client } from "pg";

import type { KeeperAnswer, KeeperRequest } from "./postgres-keeper.ts";

const KEEPER = fileURLToPath(new URL("./postgres-keeper.ts", import.meta.url));

/** Fast rather than safe: what a test wrote may be lost with the machine. */
const FAST = {
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
  shared_buffers: "32MB",
  max_connections: "200",
  max_wal_size: "256MB",
};

/** How to start a server. */
export type PostgresServerOptions = {
  /** Settings of postgresql.conf, on top of those that make tests fast. */
  settings?: Record<string, string>;
};

/** A real Postgres server, gone with the process that started it. */
export type PostgresServer = AsyncDisposable & {
  /** The address of its first database. Its user may do everything. */
  readonly url: string;
  /** A fresh database, empty or like another one to which nobody is connected; answers its address. */
  createDatabase(like?: string): Promise<string>;
  /** Ends the server and starts it again on its port: cleanly, or as after a crash. */
  restart(options?: { isCrash?: boolean }): Promise<void>;
  /** Ends the server and removes what it has stored. */
  stop(): Promise<void>;
};

/**
 * Starts a real Postgres in a temporary folder, on a free port of this machine. A process of its own keeps
 * it and ends it when this one is gone, however that ended.
 */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const settings = JSON.stringify({ ...FAST, ...options.settings });
  const keeper = spawn(process.execPath, [KEEPER, settings], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { port, user, password } = await whenReady(keeper);
  const url = `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;

  const ask = (request: KeeperRequest): void => void keeper.send(request);
  const stop = async (): Promise<void> => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return;
    const gone = new Promise((resolve) => keeper.once("exit", resolve));
    keeper.ref();
    ask({ kind: "stop" });
    await gone;
  };
  return {
    url,
    createDatabase: (like) => createDatabase(url, like),
    restart: async ({ isCrash = false } = {}) => {
      ask({ kind: "restart", isCrash });
      await whenReady(keeper);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type RunStatement = (statement: string) => Promise<unknown>;

/** Makes a fresh database on a server, empty or like another one of it, and answers its address. */
export async function createDatabase(
  serverUrl: string,
  like?: string,
  run: RunStatement = (statement) => runOn(serverUrl, statement),
): Promise<string> {
  const url = new URL(serverUrl);
  url.pathname = `/test_${randomBytes(8).toString("hex")}`;
  const template = like === undefined ? "" : ` TEMPLATE ${new URL(like).pathname.slice(1)}`;
  // Files are copied where no checkpoint waits for a disk; the log would have to be read and written.
  await run(`CREATE DATABASE ${url.pathname.slice(1)}${template} STRATEGY FILE_COPY`);
  return url.href;
}

/** Removes a database that `createDatabase` made, whoever is still connected to it. */
export async function dropDatabase(databaseUrl: string, run?: RunStatement): Promise<void> {
  const server = new URL(databaseUrl);
  const name = server.pathname.slice(1);
  server.pathname = "/postgres";
  const drop = `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
  await (run === undefined ? runOn(server.href, drop) : run(drop));
}

/** Makes and removes databases on one connection that stays: for hundreds of them, as connecting costs as much. */
export async function openDatabaseDesk(serverUrl: string) {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  const run: RunStatement = (statement) => client.query(statement);
  return {
    createDatabase: (like: string): Promise<string> => createDatabase(serverUrl, like, run),
    dropDatabase: (databaseUrl: string): Promise<void> => dropDatabase(databaseUrl, run),
    [Symbol.asyncDispose]: (): Promise<void> => client.end(),
  };
}

/** One of {@link openDatabaseDesk}. */
export type DatabaseDesk = Awaited<ReturnType<typeof openDatabaseDesk>>;

/** Runs one statement on a connection of its own, outside of any store; answers its rows. */
export async function runOn<Row extends object>(databaseUrl: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  client.on("error", () => undefined); // what it means for the statement is told by that
  try {
    await client.connect();
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

type Ready = Extract<KeeperAnswer, { kind: "ready" }>;

/** The keeper holds nobody up who has ended but for this wait. */
async function whenReady(keeper: ChildProcess): Promise<Ready> {
  keeper.channel?.ref();
  const answered = new Promise<Ready>((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`The keeper of the Postgres server ended with ${code}.`));
    };
    keeper.once("exit", onExit);
    keeper.once("message", (message: KeeperAnswer) => {
      keeper.removeListener("exit", onExit);
      if (message.kind === "ready") resolve(message);
      else reject(new Error(message.kind === "failed" ? message.message : "The Postgres server has ended."));
    });
  });
  return answered.finally(() => {
    keeper.unref();
    keeper.channel?.unref();
  });
}
