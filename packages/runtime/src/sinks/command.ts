import type { SinkDelivering, SinkOutcome, SinkSettings } from "@perennial/connections";
import { spawn } from "node:child_process";

import { SinkFault } from "./sink-fault.ts";

/**
 * Runs a program with all that is delivered on its standard input, as JSON. It gets a path and a language and nothing
 * else of this process's environment, which holds secrets; its output is not read, as it may repeat the token.
 * Exit code 0 counts as acceptance. At the end of its time it is killed with all that it has started.
 */
export async function writeToCommand(
  { program, args }: Extract<SinkSettings, { kind: "command" }>,
  { sink, message, signal }: SinkDelivering,
): Promise<SinkOutcome> {
  if (sink.origin !== "operator") throw new SinkFault("sink_not_allowed");
  signal.throwIfAborted();
  const child = spawn(program, args, {
    shell: false,
    detached: true, // a group of its own, which can be killed as a whole
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended in this moment.
    }
  };
  signal.addEventListener("abort", kill, { once: true });
  child.stdin.on("error", () => undefined); // it may end without reading: its exit code says what it thinks
  child.stdin.end(`${JSON.stringify(message)}\n`);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    if (code === 0) return { httpStatus: null, errorCode: null };
    throw new SinkFault(signal.aborted ? "sink_timed_out" : "sink_command_failed");
  } catch (error) {
    throw error instanceof SinkFault ? error : new SinkFault("sink_command_failed", error);
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
