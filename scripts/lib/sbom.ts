import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { root } from "./processes.ts";

/** One package of a bill of materials: its name with its scope, and its licence as SPDX names it. */
export type Material = { name: string; version: string; licences: string[] };

/** pnpm as it runs this script; by its name where the script was started by itself. */
export const pnpm = process.env["npm_execpath"] ?? "pnpm";

/** Selects the programs that run in production and the web app, with what they stand on. */
const SHIPPED = ["api", "worker", "cli", "web"].flatMap((name) => ["--filter-prod", `@perennial/${name}...`]);

/**
 * The software bill of materials of what is shipped, as CycloneDX 1.6 says: every package that a production install
 * holds, and those whose code is in the built web app, with checksums and licences.
 */
export function readSbom(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-sbom-"));
  const file = path.join(folder, "sbom.json");
  const format = ["--sbom-format", "cyclonedx", "--sbom-spec-version", "1.6", "--sbom-type", "application"];
  try {
    execFileSync(pnpm, [...SHIPPED, "sbom", ...format, "--prod", "--out", file], {
      cwd: root,
      stdio: "pipe",
    });
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The packages of others in a bill of materials. */
export function materialsOf(sbom: string): Material[] {
  const { components } = JSON.parse(sbom) as {
    components: {
      group?: string;
      name: string;
      version: string;
      licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
    }[];
  };
  return components
    .filter(({ group }) => group !== "@perennial")
    .map(({ group, name, version, licenses = [] }) => ({
      name: group === undefined ? name : `${group}/${name}`,
      version,
      licences: licenses.map(
        ({ license, expression }) => license?.id ?? license?.name ?? expression ?? "unknown",
      ),
    }));
}
