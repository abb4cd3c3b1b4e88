import { cpSync, globSync, mkdirSync } from "node:fs";
import path from "node:path";

import { root } from "./processes.ts";

/** What runs in production. The simulator, the benchmarks and the browser tests have no place there. */
const PARTS = [
  "apps/api",
  "apps/worker",
  "apps/cli",
  "packages/runtime",
  "packages/connections",
  "packages/instagram",
  "packages/db",
];
const AT_THE_TOP = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "LICENSE"];
const BUILT_WEB = "apps/web/dist";
/** Tests, what helps them, and the contract that both stores pass. */
const OF_TESTS = /\.(?:test|contract)\.tsx?$|\/(?:testing|contract)\//;

/** The files of a production install, from the workspace folder: sources, the built web app, and the lockfile. */
export function productionFiles(): string[] {
  const sources = PARTS.flatMap((part) => [
    `${part}/package.json`,
    ...filesIn(`${part}/src`).filter((file) => !OF_TESTS.test(file)),
  ]);
  return [...AT_THE_TOP, ...sources, ...filesIn(BUILT_WEB)];
}

/** The other parts' manifests: the lockfile names them, and an install that may not change it asks for each. */
export function foreignManifests(): string[] {
  const all = globSync(["{apps,packages}/*/package.json", "{e2e,bench,scripts}/package.json"], { cwd: root });
  return all.filter((file) => !PARTS.includes(path.dirname(file)));
}

/** Copies files of the workspace to the same places under another folder. */
export function copyFiles(files: readonly string[], target: string): void {
  for (const file of files) {
    const to = path.join(target, file);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(path.join(root, file), to);
  }
}

function filesIn(folder: string): string[] {
  return globSync(`${folder}/**/*`, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
