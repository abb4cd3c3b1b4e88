import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { expect, test } from "@playwright/test";

const web = path.resolve(import.meta.dirname, "../../apps/web");
const vite = path.join(web, "node_modules/vite/bin/vite.js");

function build(environment: Record<string, string>): {
  status: number | null;
  output: string;
  files: [string, string][];
} {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-build-"));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vite, "build", "--outDir", folder, "--emptyOutDir"],
    {
      cwd: web,
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      encoding: "utf8",
    },
  );
  const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => [
      entry.name,
      readFileSync(path.join(entry.parentPath, entry.name), "latin1"),
    ]);
  return { status, output: `${stdout}${stderr}`, files };
}

test("SC-01 the bundle holds no secret of any variable and no server module, and has no source maps", () => {
  const names = [
    "INSTAGRAM_CLIENT_ID",
    "INSTAGRAM_CLIENT_SECRET",
    "FACEBOOK_CLIENT_SECRET",
    "JWT_SECRET",
    "TOKEN_KEYS",
    "CRON_SECRET",
    "DATABASE_URL",
    "VITE_ANALYTICS",
  ];
  const canaries = Object.fromEntries(
    names.map((name, index) => [name, `CANARY${index}x${name.toLowerCase()}`]),
  );
  const { status, files, output } = build(canaries);
  expect(status, output).toBe(0);
  const text = files.map(([, content]) => content).join("\n");
  expect(text).not.toMatch(/CANARY/);
  expect(text).not.toMatch(/better-sqlite3|node:crypto|drizzle|sealedToken|client_secret/);
  expect(files.filter(([name]) => name.endsWith(".map"))).toEqual([]);
});

test("SC-01 a secret with the prefix that Vite ships fails the build with an explanation", () => {
  for (const name of ["VITE_INSTAGRAM_CLIENT_SECRET", "VITE_TOKEN_KEYS"]) {
    const { status, output } = build({ [name]: "anything" });
    expect(status).not.toBe(0);
    expect(output).toContain(name);
    expect(output).not.toContain("anything");
  }
});

test("the first page needs less than 130 kB of compressed script", () => {
  const dist = path.join(web, "dist");
  const html = readFileSync(path.join(dist, "index.html"), "utf8");
  const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? "");
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(dist, file))).length, 0);
  expect(bytes).toBeLessThan(130_000);
});
