import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { runOn, startPostgresServer } from "./postgres-server.ts";
import { createTestDatabase } from "./vitest.ts";

const HOLDER = fileURLToPath(new URL("./postgres-holder.ts", import.meta.url));

type Holding = { url: string; folder: string };

/** A process that has started a server, and what it said of it. */
async function startHolder() {
  const child = spawn(process.execPath, [HOLDER], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { child, holding: JSON.parse(line) as Holding };
}

async function isGone({ url, folder }: Holding): Promise<boolean> {
  const isSilent = await runOn(url, "SELECT 1").then(
    () => false,
    () => true,
  );
  return isSilent && !existsSync(folder);
}

describe("the testing server", () => {
  it("gives every test an empty database of its own", async () => {
    await using one = await createTestDatabase();
    await using other = await createTestDatabase();
    await runOn(one.url, "CREATE TABLE t (x text)");
    const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    expect(await runOn(one.url, tables)).toEqual([{ tablename: "t" }]);
    expect(await runOn(other.url, tables)).toEqual([]);
  });

  it("keeps what was written over a restart", async () => {
    await using server = await startPostgresServer();
    const url = await server.createDatabase();
    await runOn(url, "CREATE TABLE t AS SELECT 1 AS x");
    await server.restart();
    expect(await runOn(url, "SELECT x FROM t")).toEqual([{ x: 1 }]);
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "ends with the process that started it, even by %s",
    async (signal) => {
      const { child, holding } = await startHolder();
      expect(await isGone(holding)).toBe(false);
      child.kill(signal);
      await expect.poll(() => isGone(holding), { timeout: 10_000 }).toBe(true);
    },
  );
});
