import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** How one process is started. */
export type ProcessPlan = {
  name: string;
  /** The file Node runs. */
  file: string;
  args?: string[];
  env: Record<string, string>;
  /** Where its standard output and standard error go. */
  logFile: string;
  /** A folder for a processor profile, written when it ends. */
  profileFolder?: string | undefined;
};

/** A process with processor time of its own. It is ended when it is disposed of, and with this process. */
export type BenchProcess = AsyncDisposable & {
  readonly name: string;
  readonly exited: Promise<number | null>;
  /** User and system time used so far, in milliseconds, over all its threads. */
  cpuMs(): Promise<number>;
  /** The most memory it has had in use so far, in bytes. */
  mostMemoryBytes(): Promise<number>;
  /** The end of what it has said so far. */
  log(): string;
  /** Waits until an address answers with success. @throws when it ends before, or takes too long */
  readyAt(url: string): Promise<void>;
};

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 10_000;
const MOST_LOG_CHARACTERS = 4_000;
const JOIN_BENCH = fileURLToPath(import.meta.resolve("./join-bench.ts"));

/** Starts a Node process with exactly this environment. */
export function startProcess(plan: ProcessPlan): BenchProcess {
  const { name, file, args = [], logFile, profileFolder } = plan;
  const profiling =
    profileFolder === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(process.execPath, [...profiling, "--import", JOIN_BENCH, file, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...plan.env },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const exited = once(child, "exit").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  const readLog = (): string => readFileSync(logFile, "utf8").slice(-MOST_LOG_CHARACTERS);
  return {
    name,
    exited,
    log: readLog,
    cpuMs: async () => {
      const { user, system } = await ask<NodeJS.CpuUsage>("cpu", { name, child, exited });
      return (user + system) / 1000;
    },
    mostMemoryBytes: async () =>
      (await ask<{ mostBytes: number }>("memory", { name, child, exited })).mostBytes,
    readyAt: (url) => waitUntilReady({ name, url, child, readLog }),
    [Symbol.asyncDispose]: () => stop(child, exited),
  };
}

type Asked = { name: string; child: ChildProcess; exited: Promise<unknown> };

async function ask<Answer>(question: "cpu" | "memory", { name, child, exited }: Asked): Promise<Answer> {
  const gone = exited.then(() => {
    throw new Error(`The ${name} has ended.`);
  });
  const answered = nextAnswer(child);
  child.send(question);
  return (await Promise.race([answered, gone])) as Answer;
}

/** An app says "ready" over the same channel. */
async function nextAnswer(child: ChildProcess): Promise<unknown> {
  for (;;) {
    const [message] = (await once(child, "message")) as unknown[];
    if (message !== "ready") return message;
  }
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(deadline);
}

async function waitUntilReady(input: {
  name: string;
  url: string;
  child: ChildProcess;
  readLog: () => string;
}): Promise<void> {
  const { name, url, child, readLog } = input;
  const deadline = Date.now() + START_LIMIT_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if (await isAnswering(url)) return;
    await pause(50);
  }
  child.kill("SIGKILL"); // nobody else knows of it yet
  throw new Error(`The ${name} did not become ready:\n${readLog()}`);
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // it does not listen yet
  }
}
