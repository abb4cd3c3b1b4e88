import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";

/** The folder of the workspace. */
export const root = path.resolve(import.meta.dirname, "../..");

/** A path as it was typed: scripts run in the workspace folder, wherever that was. */
export function fromWhereTyped(file: string): string {
  return path.resolve(process.env["INIT_CWD"] ?? process.cwd(), file);
}

/** One process of ours. */
export type ProcessPlan = {
  name: string;
  /** The file to run, from the workspace folder, and its arguments. */
  command: [file: string, ...args: string[]];
  /** Options of Node's own. */
  nodeOptions?: readonly string[];
  cwd?: string;
  env: Record<string, string | undefined>;
  onLine: (line: string, stream: "out" | "err") => void;
};

/** A process that was started. `exited` resolves with its exit code, or null after a signal. */
export type RunningProcess = {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<number | null>;
  /** Resolves once it says that it is ready, with false when it ends before. */
  readonly ready: Promise<boolean>;
  /** SIGTERM, then SIGKILL for one that hangs. */
  stop(): Promise<void>;
};

const STOP_LIMIT_MS = 15_000;

/** Starts a Node process that ends when this one does, however this one ends. */
export function startProcess(plan: ProcessPlan): RunningProcess {
  const [file, ...args] = plan.command;
  const preload = path.join(import.meta.dirname, "exit-with-parent.mjs");
  const child = spawn(
    process.execPath,
    [...(plan.nodeOptions ?? []), "--import", preload, path.resolve(root, file), ...args],
    {
      cwd: plan.cwd ?? root,
      env: plan.env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  forwardLines(child, plan.onLine);
  const exited = once(child, "exit").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  return {
    name: plan.name,
    pid: child.pid ?? -1,
    exited,
    ready: new Promise((resolve) => {
      child.on("message", (message) => message === "ready" && resolve(true));
      void exited.then(() => resolve(false));
    }),
    stop: async () => {
      child.kill("SIGTERM");
      const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await exited;
      clearTimeout(deadline);
    },
  };
}

function forwardLines(child: ChildProcess, onLine: ProcessPlan["onLine"]): void {
  for (const [stream, input] of [
    ["out", child.stdout],
    ["err", child.stderr],
  ] as const) {
    if (input !== null) createInterface({ input }).on("line", (line) => onLine(line, stream));
  }
}

/** Waits until an address answers with success, or throws after the time limit or when the process ended. */
export async function waitUntilReady(url: string, exited: Promise<unknown>, limitMs = 60_000): Promise<void> {
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline && !hasExited) {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(2_000),
        headers: { accept: "text/html" },
      });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    hasExited ? "It ended while it was starting." : `It did not become ready at ${new URL(url).origin}.`,
  );
}

/** Whether a port can be listened on. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const tried = await Promise.race([
    once(server.listen(port, host), "listening").then(() => true),
    once(server, "error").then(() => false),
  ]).catch(() => false);
  if (tried) await new Promise((resolve) => server.close(resolve));
  return tried;
}
