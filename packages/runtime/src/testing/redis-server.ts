import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { freePort } from "./free-port.ts";

/** Whether a Redis server is installed; Debian has it as `redis-server`. */
export const hasRedisServer = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedisServer)
  process.stderr.write("redis-server is not installed: what needs a real Redis is not tested.\n");

/** A Redis server of a test's own, that keeps nothing and wants a password. */
export type RedisServer = AsyncDisposable & { url: string; port: number };

/** Starts one on a private port. */
export async function startRedisServer(password = "p@ss/word"): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-redis-"));
  const port = await freePort();
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const child = spawn("redis-server", [...settings, "--requirepass", password], { stdio: "ignore" });
  const exited = once(child, "exit");
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries === 500) throw new Error("The Redis server does not answer.");
    await setTimeout(10);
  }
  return {
    port,
    url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
