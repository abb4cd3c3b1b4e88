import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { workspaceRoot } from "../environment.ts";
import { inheritedEnvironment } from "./inherited-environment.ts";

/** A real process of one of the apps. */
export type AppProcess = AsyncDisposable & {
  readonly pid: number;
  /** Lines of standard output and standard error so far. */
  readonly lines: string[];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the first line, past or future, that contains a text. @throws when it ends before */
  lineWith(text: string): Promise<string>;
};

/**
 * Starts `main.ts` of an app, or another file in its `src`, with this environment, and of its own only what every
 * process of a test inherits.
 */
export function startAppProcess(
  app: string,
  environment: Record<string, string>,
  args: string[] = [],
  input: string | null = null,
  file = "main.ts",
): AppProcess {
  const child = spawn(process.execPath, [path.join(workspaceRoot, "apps", app, "src", file), ...args], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: [input === null ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
      for (const look of waiting) look();
    });
  }
  const exited = once(child, "close").then(([code, signal]: unknown[]) => ({
    code: typeof code === "number" ? code : null,
    signal: (signal ?? null) as NodeJS.Signals | null,
  }));

  return {
    pid: child.pid ?? -1,
    lines,
    exited,
    signal: (name) => void child.kill(name),
    lineWith: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines.find((each) => each.includes(text));
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
        void exited.then(() => {
          look();
          reject(new Error(`The ${app} ended without saying "${text}":\n${lines.join("\n")}`));
        });
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
