import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "./free-port.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { makeCluster, USER } from "./postgres-cluster.ts";

/** What the parent asks for. `restart` ends the server as if it had crashed when `isCrash`. */
export type KeeperRequest = { kind: "stop" } | { kind: "restart"; isCrash: boolean };
/** What it is told: the server answers on this port and to this password, is gone, or could not be started. */
export type KeeperAnswer =
  | { kind: "ready"; port: number; user: string; password: string }
  | { kind: "stopped" }
  | { kind: "failed"; message: string };

const READY = "ready to accept connections";
const MEMORY = "/dev/shm";
const PLENTY_BYTES = 4 * 1024 ** 3;

/*
 * Keeps one Postgres server for its parent, in a process of its own: whatever ends the parent, even a
 * SIGKILL, closes the channel between them, and then the server is ended and its folder removed.
 */
const [settingsJson = "{}"] = process.argv.slice(2);
const settings = JSON.parse(settingsJson) as Record<string, string>;
const folder = mkdtempSync(
  join(settings.fsync === "off" ? quickestFolder() : tmpdir(), "perennial-postgres-"),
);
let server: ChildProcess | null = null;
let isEnding = false;

/** Memory where there is plenty: a fresh database is a copy of three hundred files. */
function quickestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > PLENTY_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir(); // only Linux has it
  }
}

function answer(message: KeeperAnswer): void {
  if (process.connected) process.send?.(message);
}

/** Resolves once the server takes connections. */
async function startServer({ postgres, identity }: PostgresBinaries, port: number): Promise<void> {
  const where = { listen_addresses: "127.0.0.1", unix_socket_directories: "" };
  const flags = Object.entries({ ...settings, ...where }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const child = spawn(postgres, ["-D", join(folder, "data"), "-p", String(port), ...flags], {
    ...identity,
    cwd: folder,
    env: { LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  server = child;
  let complaints = "";
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      reject(new Error(`Postgres ended with ${code}: ${complaints.slice(-2000)}`));
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      complaints = (complaints + chunk).slice(-4000);
      if (complaints.includes(READY)) resolve();
    });
  });
}

async function endServer(signal: "SIGINT" | "SIGQUIT"): Promise<void> {
  const child = server;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await endServer("SIGQUIT"); // nothing in it is worth a checkpoint
  rmSync(folder, { recursive: true, force: true });
  answer({ kind: "stopped" });
  process.exit();
}

async function keep(): Promise<void> {
  const binaries = await findPostgresBinaries(folder);
  chmodSync(folder, 0o711);
  const password = makeCluster(binaries, folder);
  const port = await freePort();
  const start = async () => {
    await startServer(binaries, port);
    answer({ kind: "ready", port, user: USER, password });
  };
  process.on("message", (request: KeeperRequest) => {
    if (request.kind === "stop") void end();
    else
      endServer(request.isCrash ? "SIGQUIT" : "SIGINT")
        .then(start)
        .catch(fail);
  });
  await start();
}

function fail(error: unknown): void {
  answer({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  void end();
}

process.on("disconnect", () => void end());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end());
await keep().catch(fail);
