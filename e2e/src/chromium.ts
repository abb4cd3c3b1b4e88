import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

import sparticuz from "@sparticuz/chromium";

/** How Playwright is to launch the browser. */
export type BrowserLaunch = {
  executablePath?: string;
  channel?: string;
  args: string[];
  env?: Record<string, string>;
};

/**
 * A journey goes from our site to the company's and back: where each step of it begins in a process of its own, a
 * quarter of the run is spent on processes. What the sites may do with one another is the same.
 */
const ONE_RENDERER = ["--renderer-process-limit=1", "--disable-site-isolation-trials", "--in-process-gpu"];

const cache = path.resolve(import.meta.dirname, "../node_modules/.cache/chromium");

/**
 * A real Chromium without installing one: on Linux the build that comes with the packages, unpacked once;
 * elsewhere the Chrome that is there. Where the machine lacks libraries or fonts, its own are used.
 */
export async function findBrowser(): Promise<BrowserLaunch> {
  if (process.platform !== "linux" || process.arch !== "x64") return { channel: "chrome", args: [] };
  const executablePath = await unpackOnce();
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ...ONE_RENDERER];
  if (spawnSync(executablePath, ["--version"]).status === 0) return { executablePath, args };
  const env = {
    ...definedOnly(process.env),
    LD_LIBRARY_PATH: path.join(cache, "al2023/lib"),
    FONTCONFIG_PATH: path.join(cache, "fonts"),
  };
  return { executablePath, args, env };
}

async function unpackOnce(): Promise<string> {
  const executablePath = path.join(cache, "chromium");
  if (existsSync(executablePath)) return executablePath;
  mkdirSync(path.dirname(cache), { recursive: true });
  const draft = mkdtempSync(`${cache}-`);
  const before = { TMPDIR: process.env["TMPDIR"], AWS_EXECUTION_ENV: process.env["AWS_EXECUTION_ENV"] };
  process.env["TMPDIR"] = draft; // it unpacks into the temporary folder …
  process.env["AWS_EXECUTION_ENV"] = "nodejs22.x"; // … and its libraries only when it believes to be there
  try {
    await sparticuz.executablePath();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  try {
    renameSync(draft, cache); // whole or not at all, however many start at once
  } catch {
    rmSync(draft, { recursive: true }); // another run was first
  }
  return executablePath;
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
