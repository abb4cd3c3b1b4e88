import { freePort, inheritedEnvironment } from "@perennial/runtime/testing";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { FromWorker, StopPoint, ToWorker } from "./points.ts";

const WORKER_FILE = fileURLToPath(new URL("./worker-with-points.ts", import.meta.url));

/** A worker process that is there to be killed. */
export type KillableWorker = {
  /** Makes it stand still at a point of its next attempt; resolves once it may be relied on. */
  arm(point: StopPoint): Promise<void>;
  /** Resolves once it stands there. @throws when it ends before */
  reached(point: StopPoint): Promise<void>;
  /** Stops it in its tracks until it is resumed. */
  pause(): void;
  resume(): void;
  /** Resolves once it has said this since its first sweep. @throws when it ends before */
  says(text: string): Promise<void>;
  /** SIGKILL; resolves with the moment it was sent, in milliseconds since 1970. */
  kill(): Promise<number>;
};

/** Somebody else may take a port between our looking for a free one and the worker's listening. */
const START_TRIES = 3;

/** Starts a worker, and waits until its first sweep is over. */
export async function startKillableWorker(environment: Record<string, string>): Promise<KillableWorker> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(environment);
    } catch (error) {
      const isPortTaken = error instanceof Error && error.message.includes("is already taken");
      if (!isPortTaken || tries === START_TRIES) throw error;
    }
  }
}

async function startOnce(environment: Record<string, string>): Promise<KillableWorker> {
  const child = fork(WORKER_FILE, {
    env: { ...inheritedEnvironment(), ...environment, WORKER_PORT: String(await freePort()) },
    execArgv: [], // what runs the tests loads more than a worker does
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output: string[] = [];
  let onOutput = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      onOutput();
    });
  }
  const exited = once(child, "exit");
  const ended = exited.then(() => {
    throw new Error(`The worker ended by itself:\n${output.join("")}`);
  });
  ended.catch(() => undefined); // reported to whoever waits for something of it
  const heard = (text: string): Promise<void> =>
    new Promise((resolve) => {
      onOutput = () => {
        if (output.join("").includes(text)) resolve();
      };
      onOutput();
    });
  await Promise.race([heard('"event":"worker.swept"'), ended]);
  output.length = 0;

  const reached = new Map<StopPoint, () => void>();
  child.on("message", (message: FromWorker | "ready") => {
    if (message !== "ready") reached.get(message.reached)?.();
  });
  const waits = new Map<StopPoint, Promise<void>>();
  return {
    arm: async (point) => {
      waits.set(point, new Promise((resolve) => reached.set(point, resolve)));
      const armed: ToWorker = { armed: point };
      await new Promise<void>((resolve, reject) =>
        child.send(armed, (error) => (error === null ? resolve() : reject(error))),
      );
    },
    reached: (point) => Promise.race([waits.get(point) ?? Promise.resolve(), ended]),
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    says: (text) => Promise.race([heard(text), ended]),
    kill: async () => {
      const atMs = Date.now();
      child.kill("SIGKILL");
      await exited;
      return atMs;
    },
  };
}
