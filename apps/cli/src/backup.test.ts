import { openStore } from "@perennial/db";
import { connect, openTestWorld } from "@perennial/runtime/testing";
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { runCommand } from "./testing/run-command.ts";

async function run(environment: Record<string, string>, ...args: string[]) {
  const { code, out, err } = await runCommand({ environment }, args);
  return { code, text: out + err, json: out };
}

describe("perennial backup and restore", () => {
  it("BR-02 TS-09 make, verify and restore a file, with the exit codes of the contract and no secret shown", async () => {
    await using world = await openTestWorld();
    const { environment } = world;
    const gone = await connect(world, "acme.shop");
    const kept = await connect(world, "lena.paints");
    const file = path.join(world.folder, "backup.db");
    const made = await run(environment, "backup", file);
    expect([made.code, made.text]).toEqual([
      0,
      expect.stringMatching(/verified field by field[\s\S]*All 2 tokens open/),
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run(environment, "backup", file)).code).toBe(2);
    const verified = await run(environment, "backup", "--verify", file, "--json");
    expect([verified.code, JSON.parse(verified.json)]).toMatchObject([
      0,
      { kind: "verified", keyIds: ["dev"], rows: { connections: 2 }, tokens: { opened: 2 } },
    ]);
    expect(await run(environment, "restore", file)).toMatchObject({
      code: 2,
      text: expect.stringContaining("holds 2 users"),
    });
    const elsewhere = { ...environment, DATABASE_URL: `file:${path.join(world.folder, "second.db")}` };
    const otherKey = { ...elsewhere, TOKEN_KEYS: `k9:${randomBytes(32).toString("base64")}` };
    expect(await run(otherKey, "restore", file)).toMatchObject({
      code: 5,
      text: expect.stringContaining('"dev"'),
    });
    const list = path.join(world.folder, "gone.txt");
    writeFileSync(list, `${gone.connectionId}\n\n`);
    const restored = await run(elsewhere, "restore", file, "--forget", list, "--json");
    expect([restored.code, JSON.parse(restored.json)]).toMatchObject([
      0,
      { kind: "restored", tokens: { opened: 1 }, forgotten: { forgotten: 1, unknown: [] } },
    ]);
    {
      await using store = await openStore(elsewhere.DATABASE_URL);
      expect(await store.findConnectionById(gone.connectionId)).toMatchObject({ status: "disconnected" });
      expect(await store.findConnectionById(kept.connectionId)).toMatchObject({ status: "active" });
      await store.beatProcess({
        id: "p",
        kind: "api",
        startedAt: new Date(),
        sweptAt: null,
        keyIds: ["dev"],
      });
    }
    const third = { ...environment, DATABASE_URL: `file:${path.join(world.folder, "third.db")}` };
    expect((await run(third, "restore", file, "--erase", path.join(world.folder, "none.txt"))).code).toBe(2);
    writeFileSync(list, "key_0000000000000000000000\n");
    expect((await run(third, "restore", file, "--erase", list)).code).toBe(2);
    writeFileSync(list, `${gone.connectionId}\n`);
    const erased = await run(third, "restore", file, "--erase", list);
    expect(erased).toMatchObject({
      code: 0,
      text: expect.stringContaining("gone again: 2 people and connections"),
    });
    {
      await using store = await openStore(third.DATABASE_URL);
      expect(await store.findConnectionById(gone.connectionId)).toBeNull();
      expect(await store.findUser(gone.userId)).toBeNull();
    }
    expect(await run(elsewhere, "restore", file, "--force")).toMatchObject({
      code: 4,
      text: expect.stringContaining("1 api process runs"),
    });
    writeFileSync(file, readFileSync(file).subarray(0, 20_000));
    expect((await run(environment, "backup", "--verify", file)).code).toBe(1);
    for (const { text } of [made, verified, restored]) expect(text).not.toMatch(/SIMTOK|v1\.dev/);
  });
});
