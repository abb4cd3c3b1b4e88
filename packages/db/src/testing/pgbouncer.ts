import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { freePort } from "./free-port.ts";
import { runOn } from "./postgres-server.ts";

/** A pooler in front of a server: the same databases, at another address. */
export type PgBouncer = AsyncDisposable & { through: (databaseUrl: string) => string };

const NOBODY = 65_534;
/** Fewer connections than two stores use, so that they do get each other's. */
const POOL_SIZE = 3;

/** Where this machine has PgBouncer, or null. */
export function findPgBouncer(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  for (const folder of folders) {
    const path = join(folder, "pgbouncer");
    try {
      execFileSync(path, ["--version"], { stdio: "ignore" });
      return path;
    } catch {
      continue; // not here
    }
  }
  return null;
}

/** Starts PgBouncer in transaction mode with the settings it comes with. It ends with this process. */
export async function startPgBouncer(program: string, serverUrl: string): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-pgbouncer-"));
  const server = new URL(serverUrl);
  const port = await freePort();
  const users = join(folder, "users.txt");
  const settings = join(folder, "pgbouncer.ini");
  writeFileSync(users, `"${server.username}" "${server.password}"\n`);
  writeFileSync(
    settings,
    `[databases]
* = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
`,
  );
  chmodSync(folder, 0o755);
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  // Its input is held by this process: when that ends, however it does, so does the pooler.
  const script = '"$0" -q "$1" & cat > /dev/null; kill $!; wait';
  const child = spawn("sh", ["-c", script, program, settings], {
    ...identity,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const through = (databaseUrl: string): string => {
    const url = new URL(databaseUrl);
    url.port = String(port);
    return url.href;
  };
  await waitFor(through(serverUrl));
  return {
    through,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.stdin?.end();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitFor(url: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    try {
      await runOn(url, "SELECT 1");
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
