import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";

/** Whether anything listens on a port of this machine. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const result = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}

/** The ids of the processes that were started with this database, found by their environment. */
export function processesOn(databaseUrl: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`DATABASE_URL=${databaseUrl}`);
    } catch {
      return false; // gone, or somebody else's
    }
  });
}
