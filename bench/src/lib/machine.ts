import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";

/** What a figure depends on besides the code: commit, Node, processor, and what else the machine does. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `commit ${commit()}, Node ${process.version}, ${availableParallelism()} × ${model}, load averages ${loadAverages()}`;
}

/** The machine's load averages over 1, 5 and 15 minutes. */
export function loadAverages(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const isChanged = git("status", "--porcelain") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${isChanged ? " with changes" : ""}`;
  } catch {
    return "unknown"; // no git, or an export without its history
  }
}
