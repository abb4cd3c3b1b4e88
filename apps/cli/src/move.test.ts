import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { createTokenSeal } from "@perennial/connections";
import { openStore } from "@perennial/db";
import { furnish } from "@perennial/db/testing";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { soundProductionEnvironment, startAppProcess, type AppProcess } from "@perennial/runtime/testing";
import { afterAll, describe, expect, it } from "vitest";

import { runCommand } from "./testing/run-command.ts";

const MANY = 600;
const PROCESSES_TIMEOUT_MS = 180_000;

const folder = mkdtempSync(path.join(tmpdir(), "perennial-move-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = (): string => `file:${path.join(folder, `${(files += 1)}.db`)}`;

type World = {
  environment: Record<string, string>;
  fill: (address: string, connections: number) => Promise<void>;
};

function newWorld(): World {
  const key = randomBytes(32);
  const seal = createTokenSeal([{ id: "k1", key }]);
  return {
    environment: { ...soundProductionEnvironment(), TOKEN_KEYS: `k1:${key.toString("base64")}` },
    fill: (address, connections) =>
      furnish(address, {
        connections,
        sealFor: (connectionId, flavour) => seal.seal(`SECRET-${connectionId}`, { connectionId, flavour }),
        keyChecks: [{ keyId: "k1", sealed: seal.checkValue("k1") }],
      }),
  };
}

function start({ environment }: World, args: string[], more: Record<string, string> = {}): AppProcess {
  return startAppProcess("cli", { ...environment, ...more }, ["move", ...args]);
}

/** Runs the command in this process; what is to be killed has one of its own. */
async function run({ environment }: World, args: string[], more: Record<string, string> = {}) {
  const { code, out, err } = await runCommand({ environment: { ...environment, ...more } }, [
    "move",
    ...args,
  ]);
  const lines = `${out}${err}`.split("\n");
  return { code, text: lines.join("\n"), json: lines.find((line) => line.startsWith("{")) ?? "null" };
}

describe("perennial move", { timeout: PROCESSES_TIMEOUT_MS }, () => {
  it("carries hundreds of connections into Postgres and back, killed on the way, and loses none", async () => {
    const world = newWorld();
    await using database = await createTestDatabase();
    const file = freshFile();
    await world.fill(file, MANY);
    for (const [from, to, killedAt] of [
      [file, database.url, ["copying connections", "opening tokens at the target"]],
      [database.url, file, ["comparing users"]],
    ] as const) {
      const addresses = { MOVE_FROM: from, MOVE_TO: to };
      for (const line of killedAt) {
        await using cli = start(world, [], addresses);
        await cli.lineWith(line);
        cli.signal("SIGKILL");
        expect(await cli.exited).toEqual({ code: null, signal: "SIGKILL" });
      }
      const { code, json, text } = await run(world, ["--json"], addresses);
      expect(code, text).toBe(0);
      expect(JSON.parse(json)).toMatchObject({
        kind: "moved",
        isResumed: true,
        tables: { connections: { rows: MANY } },
        tokensOpened: (MANY / 5) * (4 + 1), // of five connections four hold a token, and one the token before it
      });
      expect(text).not.toMatch(/SECRET|v1\.k1|postgresql:/);
    }
    await using store = await openStore(file);
    expect(await store.pageConnections({ after: null, limit: MANY + 1 })).toHaveLength(MANY);
  });

  it("refuses while a server runs, unless it is told to drain it; the server then serves pages, and no changes", async () => {
    const world = newWorld();
    const [from, to] = [freshFile(), freshFile()];
    await world.fill(from, 20);
    await using store = await openStore(from);
    await store.beatProcess({ id: "p1", kind: "worker", startedAt: new Date(), sweptAt: null, keyIds: null });
    const refused = await run(world, ["--from", from, "--to", to]);
    expect([refused.code, refused.text]).toEqual([4, expect.stringContaining("1 worker process runs")]);
    const drained = await run(world, ["--from", from, "--to", to, "--drain"]);
    expect([drained.code, drained.text]).toEqual([0, expect.stringContaining("all 20 tokens open")]);
    expect(drained.text).toContain("they can go on reading");
    const [first] = await store.pageConnections({ after: null, limit: 1 });
    const disconnect = store.disconnect({
      userId: first?.userId ?? "",
      connectionId: first?.id ?? "",
      now: new Date(),
    });
    await expect(disconnect).rejects.toMatchObject({ code: "moved" });
    expect(await run(world, ["--from", from, "--to", to])).toMatchObject({
      code: 0,
      text: expect.stringContaining("finished before"),
    });
  });

  it("ends with 5 on other keys, a foreign target and a missing file, and touches nothing", async () => {
    const world = newWorld();
    const [from, to] = [freshFile(), freshFile()];
    await world.fill(from, 20);
    const other = {
      ...world,
      environment: { ...world.environment, TOKEN_KEYS: newWorld().environment["TOKEN_KEYS"] ?? "" },
    };
    expect(await run(other, ["--from", from, "--to", to])).toMatchObject({
      code: 5,
      text: expect.stringContaining('another key under the id "k1"'),
    });
    await furnish(to, { connections: 2, seed: 7 });
    expect(await run(world, ["--from", from, "--to", to])).toMatchObject({
      code: 5,
      text: expect.stringContaining("2 users that the source does not know"),
    });
    expect(await run(world, ["--from", freshFile(), "--to", to])).toMatchObject({
      code: 5,
      text: expect.stringContaining("no database file"),
    });
    await using store = await openStore(from);
    expect(await store.prune(new Date("2100-01-01T00:00:00Z"))).toBeGreaterThan(0);
  });

  it("ends with 2 without an address, with 4 when a database is away, and shows no password", async () => {
    const world = newWorld();
    expect(await run(world, ["--from", freshFile()])).toMatchObject({
      code: 2,
      text: expect.stringContaining("--to is missing, and so is MOVE_TO"),
    });
    const nonsense = await run(world, ["--from", "mysql://root:hunter2@host/db", "--to", freshFile()]);
    expect([nonsense.code, nonsense.text]).toEqual([2, expect.not.stringContaining("hunter2")]);
    const away = "postgresql://perennial:hunter2@127.0.0.1:1/nothing";
    const refused = await run(world, ["--from", away, "--to", freshFile()]);
    expect([refused.code, refused.text]).toEqual([4, expect.stringContaining("MOVE_FROM")]);
    expect(refused.text).not.toContain("hunter2");
  });

  it("OB-03 gives a move up with --abandon, and the source takes writes again and knows of both", async () => {
    const world = newWorld();
    const [from, to] = [freshFile(), freshFile()];
    await world.fill(from, 1_500);
    await using cli = start(world, ["--from", from, "--to", to]);
    await cli.lineWith("copying users");
    cli.signal("SIGKILL");
    await cli.exited;
    await using store = await openStore(from);
    const farAhead = new Date("2100-01-01T00:00:00Z");
    await expect(store.prune(farAhead)).rejects.toMatchObject({ code: "moved" });
    expect((await run(world, ["--from", from, "--abandon"])).code).toBe(0);
    expect(await store.prune(farAhead)).toBeGreaterThan(0);
    expect((await run(world, ["--from", from, "--abandon"])).code).toBe(5);
    const events = await store.listAuditEvents({ userId: null, kind: "database", before: null, limit: 9 });
    expect(events.map(({ kind, actor }) => [kind, actor])).toEqual([
      ["database.move_abandoned", "operator"],
      ["database.move_begun", "operator"],
    ]);
  });
});
