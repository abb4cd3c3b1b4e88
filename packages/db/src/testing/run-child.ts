import { spawn } from "node:child_process";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** A child process that waits for the start signal. */
export type Child<Answer> = {
  /** Resolves when the child has loaded and waits. */
  ready: Promise<void>;
  /** Lets it begin; answers what it printed as JSON. */
  run: () => Promise<Answer>;
};

/**
 * Starts a script in a process of its own. It says "ready" on its error stream once it has
 * loaded, begins when its input ends, and prints one JSON value.
 */
export function startChild<Answer>(scriptUrl: URL, args: readonly string[]): Child<Answer> {
  const path = fileURLToPath(scriptUrl);
  const script = basename(path);
  const child = spawn(process.execPath, [path, ...args], { stdio: "pipe" });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const output = text(child.stdout);
  let complaints = "";
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      complaints += chunk;
      if (complaints.includes("ready\n")) resolve();
    });
    child.on("close", () => {
      reject(new Error(`${script} ended before it was ready: ${complaints}`));
    });
  });

  return {
    ready,
    run: async () => {
      await ready;
      child.stdin.end();
      const exitCode = await exited;
      if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${complaints}`);
      return JSON.parse(await output) as Answer;
    },
  };
}

/** Starts several children, waits until all have loaded and lets them begin at once. */
export async function runTogether<Answer>(
  scriptUrl: URL,
  argsOfEach: readonly (readonly string[])[],
): Promise<Answer[]> {
  const children = argsOfEach.map((args) => startChild<Answer>(scriptUrl, args));
  await Promise.all(children.map((child) => child.ready));
  return Promise.all(children.map((child) => child.run()));
}
