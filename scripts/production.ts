import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { copyFiles, foreignManifests, productionFiles } from "./lib/production-files.ts";
import { fromWhereTyped, root } from "./lib/processes.ts";
import { pnpm, readSbom } from "./lib/sbom.ts";

const USAGE = "Say where to, an empty folder or a new one: pnpm production <folder>\n";

/**
 * Makes a folder that holds what runs in production and nothing else: no tests, no simulator, no development
 * dependencies; with the bill of its materials. Its programs start by `node apps/api/src/main.ts` and
 * `node apps/worker/src/main.ts`.
 */
function main(folder: string | undefined): number {
  if (folder === undefined) return refuse(USAGE);
  const target = fromWhereTyped(folder);
  if (existsSync(target) && readdirSync(target).length > 0) return refuse(`${target} is not empty. ${USAGE}`);
  if (!existsSync(path.join(root, "apps/web/dist/index.html")))
    return refuse("The web app is not built yet: pnpm build\n");
  const manifests = foreignManifests();
  copyFiles([...productionFiles(), ...manifests], target);
  const { status } = spawnSync(...installCommand(), { cwd: target, stdio: "inherit" });
  for (const file of manifests) rmSync(path.join(target, file));
  for (const folderOf of new Set(manifests.map((file) => path.dirname(file))))
    removeIfEmpty(target, folderOf);
  if (status === 0) writeFileSync(path.join(target, "sbom.cdx.json"), readSbom());
  return status ?? 1;
}

/** The lockfile exactly, without development dependencies, for the programs and what they stand on. */
function installCommand(): [command: string, args: string[]] {
  const parts = ["api", "worker", "cli"].flatMap((name) => ["--filter-prod", `@perennial/${name}...`]);
  return [pnpm, [...parts, "install", "--prod", "--frozen-lockfile"]];
}

function removeIfEmpty(target: string, folder: string): void {
  const place = path.join(target, folder);
  if (existsSync(place) && readdirSync(place).length === 0) rmSync(place, { recursive: true });
}

function refuse(why: string): number {
  process.stderr.write(why);
  return 2;
}

process.exitCode = main(process.argv[2]);
