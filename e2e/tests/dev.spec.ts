import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { startPostgresServer } from "@perennial/db/testing";
import { expect, test } from "@playwright/test";

import { freePort, inheritedEnvironment } from "@perennial/runtime/testing";

import { isListening, processesOn } from "../src/find-processes.ts";

const root = path.resolve(import.meta.dirname, "../..");

async function startDev(change: Record<string, string> = {}): Promise<{
  child: ChildProcess;
  output: () => string;
  ports: number[];
  databaseUrl: string;
  dataFolder: string;
  appUrl: string;
}> {
  const [web, api, worker, simulator, facebook] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const dataFolder = mkdtempSync(path.join(tmpdir(), "perennial-dev-"));
  const databaseUrl = change["DATABASE_URL"] ?? `file:${path.join(dataFolder, "p.db")}`;
  const child = spawn(process.execPath, ["scripts/dev.mjs"], {
    cwd: root,
    detached: true, // a process group of its own, as a terminal gives it: Ctrl-C reaches the whole group
    env: {
      ...inheritedEnvironment(),
      WEB_PORT: String(web),
      API_PORT: String(api),
      WORKER_PORT: String(worker),
      SIMULATOR_PORT: String(simulator),
      SIMULATOR_FACEBOOK_PORT: String(facebook),
      APP_URL: `http://localhost:${web}`,
      DATABASE_URL: databaseUrl,
      DATA_FOLDER: dataFolder,
      ...change,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return {
    child,
    output: () => text,
    databaseUrl,
    dataFolder,
    ports: [web, api, worker, simulator],
    appUrl: `http://localhost:${web}`,
  };
}

test("the development command starts everything, says where to look, and leaves nothing running", async ({
  page,
}) => {
  const dev = await startDev();
  await expect.poll(dev.output, { timeout: 45_000 }).toContain(`Perennial is ready at ${dev.appUrl}`);
  const lines = dev.output().trim().split("\n");
  expect(lines.filter((line) => line.trim() !== "")).toEqual([
    "Starting Perennial …",
    expect.stringContaining("Perennial is ready at"),
  ]);

  await page.goto(dev.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "+31 days" }).click();
  await page.getByRole("link", { name: /@/ }).first().click();
  await expect(page.getByRole("list", { name: "History" }).getByRole("listitem")).toHaveCount(2);

  process.kill(-(dev.child.pid ?? 0), "SIGINT");
  const [code] = (await once(dev.child, "exit")) as [number | null];
  expect(code).toBe(0);
  for (const port of dev.ports) expect(await isListening(port)).toBe(false);
  expect(processesOn(dev.databaseUrl)).toEqual([]);
});

test("the development command does the same on Postgres, beside which it keeps what is no database, and leaves nothing running when it is killed outright", async () => {
  await using server = await startPostgresServer();
  const dev = await startDev({ DATABASE_URL: await server.createDatabase() });
  await expect.poll(dev.output, { timeout: 45_000 }).toContain("Perennial is ready");
  expect(await (await fetch(`${dev.appUrl}/trpc/auth.session`)).text()).toContain(`"isSimulated":true`);
  expect(readdirSync(dev.dataFolder).sort()).toEqual(["development-secrets.json", "simulator.json"]);
  expect(processesOn(dev.databaseUrl).length).toBeGreaterThan(1); // or what is looked for below is not found anyhow
  dev.child.kill("SIGKILL");
  await once(dev.child, "exit");
  for (const port of dev.ports) await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => processesOn(dev.databaseUrl), { timeout: 10_000 }).toEqual([]);
});

test("a port that is taken gives one clear sentence", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const taken = typeof address === "object" && address !== null ? String(address.port) : "";
  const dev = await startDev({ API_PORT: taken });
  const [code] = (await once(dev.child, "exit")) as [number | null];
  expect(code).toBe(1);
  expect(dev.output().trim()).toBe(
    `Port ${taken} is already taken. Stop what uses it, or set API_PORT to another port.`,
  );
  other.close();
});
