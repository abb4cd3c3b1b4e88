import { createClient } from "@redis/client";
import { freePort } from "@perennial/runtime/testing";
import { spawn } from "node:child_process";
import { once } from "node:events";

/** A real Redis server, ended when it is disposed of. */
export type RedisServer = AsyncDisposable & { url: string };

const START_LIMIT_MS = 5_000;

/** Starts `redis-server` with nothing on the disk; null where this machine has none. */
export async function startRedis(
  folder: string,
  entry: [key: string, value: string],
): Promise<RedisServer | null> {
  const port = await freePort();
  const settings = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
  ];
  const child = spawn("redis-server", settings, { stdio: "ignore" });
  const started = await Promise.race([
    once(child, "spawn").then(() => true),
    once(child, "error").then(() => false),
  ]);
  if (!started) return null;
  const exited = once(child, "exit");
  const url = `redis://127.0.0.1:${port}`;
  const client = createClient({ url, socket: { reconnectStrategy: () => 50 } });
  client.on("error", () => undefined); // it does not listen yet
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_LIMIT_MS);
  await Promise.race([client.connect(), exited.then(() => Promise.reject(new Error("redis-server ended.")))]);
  clearTimeout(deadline);
  await client.set(...entry);
  await client.close();
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
