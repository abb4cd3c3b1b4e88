import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { freePort, inheritedEnvironment, soundProductionEnvironment } from "@perennial/runtime/testing";
import { expect, test } from "@playwright/test";

import { isListening, processesOn } from "../src/find-processes.ts";

const root = path.resolve(import.meta.dirname, "../..");
const ANSWERS = 40;

/** Over a connection of its own each time, so that the system may choose another process. */
async function answers(url: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const [answer] = (await once(get(url, { agent: false }), "response")) as [IncomingMessage];
    answer.resume();
    statuses.push(answer.statusCode ?? 0);
  }
  return statuses;
}

/** How many sockets of this machine listen on a port. */
function listenersOn(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  return readFileSync("/proc/net/tcp", "latin1").split(local).length - 1;
}

test("GS-03 SC-08 several api processes share a port; one that dies is started again, and the others answer meanwhile", async () => {
  test.skip(process.platform !== "linux", "Processes share a port on Linux only.");
  const [api, worker] = [await freePort(), await freePort()];
  const databaseUrl = `file:${path.join(mkdtempSync(path.join(tmpdir(), "perennial-start-")), "p.db")}`;
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    env: {
      ...inheritedEnvironment(),
      ...soundProductionEnvironment(),
      DATABASE_URL: databaseUrl,
      API_PROCESSES: "2",
      API_PORT: String(api),
      WORKER_PORT: String(worker),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const timesListening = (): number => output.split('"event":"api.listening"').length - 1;

  await expect.poll(() => output, { timeout: 45_000 }).toContain(`Perennial is ready on port ${api}`);
  expect([timesListening(), listenersOn(api)]).toEqual([2, 2]);
  const url = `http://127.0.0.1:${api}/readyz`;
  expect(new Set(await answers(url, ANSWERS))).toEqual(new Set([200]));

  const commandLineOf = (pid: string | number): string => readFileSync(`/proc/${pid}/cmdline`, "latin1");
  const apis = processesOn(databaseUrl).filter((pid) => commandLineOf(pid).includes("apps/api/src/main.ts"));
  for (const pid of apis) expect(commandLineOf(pid)).toContain("--disable-sigusr1"); // no debugger on a signal
  const [first] = apis;
  process.kill(Number(first), "SIGKILL");
  await expect.poll(() => listenersOn(api)).toBe(1);
  expect(new Set(await answers(url, ANSWERS))).toEqual(new Set([200]));
  await expect.poll(timesListening, { timeout: 20_000 }).toBe(3);

  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await isListening(api)).toBe(false);
  expect(processesOn(databaseUrl)).toEqual([]);
});
