import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { backUp, restore } from "./backup.ts";
import { readConfig, type Config } from "./config.ts";
import { workspaceRoot } from "./environment.ts";
import { openLog } from "./log.ts";
import { openRuntime, type Runtime } from "./open-runtime.ts";
import { connect, openTestWorld, type TestWorld } from "./testing/index.ts";

const quiet = { onProgress: () => undefined };

/** The same world with an empty database in the place of the one that was lost. */
function elsewhere(world: TestWorld): Config {
  return readConfig({ ...world.environment, DATABASE_URL: `file:${path.join(world.folder, "second.db")}` });
}

function openSecond(world: TestWorld): Promise<Runtime> {
  return openRuntime(elsewhere(world), { name: "second", log: openLog({ name: "second", level: "silent" }) });
}

const handOut = ({ connections }: Runtime, connectionId: string) =>
  connections.handOut({ connectionId, trigger: "api" }).then(
    ({ accessToken }) => accessToken,
    (error: { code: string }) => error.code,
  );

describe("a backup that is restored", () => {
  it("BR-02 BR-04 proves each token before it is trusted: renewed since, dead since, and unharmed", async () => {
    await using world = await openTestWorld();
    const users = ["acme.shop", "lena.paints", "studio.nine"] as const;
    const ids = new Map<string, string>();
    for (const user of users.slice(0, 2)) ids.set(user, (await connect(world, user)).connectionId);
    const [renewed = "", dead = ""] = ids.values();
    world.sim.clock.advance({ days: 2 });
    const file = path.join(world.folder, "backups", "monday.db");
    const made = await backUp(world.config, { file, overwrite: false, ...quiet });
    expect(made.tokens).toEqual({ opened: 2, unreadable: [] });
    expect(readFileSync(file, "latin1")).not.toContain("SIMTOK_");
    // Three days go by: one token is renewed, one person takes the app out.
    world.sim.clock.advance({ days: 3 });
    await world.runtime.simulatorClock?.advance(0); // until it follows
    const request = { connectionId: renewed, userId: null, trigger: "person", force: true } as const;
    expect((await world.runtime.connections.refresh(request)).kind).toBe("refreshed");
    world.sim.users.removeApp("lena.paints");

    const report = await restore(elsewhere(world), {
      file,
      overwrite: false,
      forget: [],
      erase: [],
      ...quiet,
    });
    expect(report).toMatchObject({ tables: { connections: { rows: 2 } }, tokens: { opened: 2 } });
    await using second = await openSecond(world);
    const before = world.sim.ledger().length;
    expect(await handOut(second, dead)).toBe("token_revoked"); // nobody got it, and the reason is known
    expect(await handOut(second, renewed)).toMatch(/^SIMTOK_/);
    expect(world.sim.ledger().length).toBeGreaterThan(before + 2); // both were proved first
    const asked = world.sim.ledger().length;
    await handOut(second, renewed);
    expect(world.sim.ledger()).toHaveLength(asked); // and then trusted
    expect((await second.connections.fleet()).reconnectRequired).toBe(1);
  });

  it("BR-04 ends honestly where the provider had ended the old token: a reconnect, and no dead token", async () => {
    await using world = await openTestWorld({ simulator: { policy: { rotation: "revoke_old" } } });
    const { connectionId } = await connect(world, "acme.shop");
    const file = path.join(world.folder, "monday.db");
    await backUp(world.config, { file, overwrite: false, ...quiet });
    world.sim.clock.advance({ days: 3 });
    await world.runtime.simulatorClock?.advance(0); // until it follows
    const request = { connectionId, userId: null, trigger: "person", force: true } as const;
    expect((await world.runtime.connections.refresh(request)).kind).toBe("refreshed");
    await restore(elsewhere(world), { file, overwrite: false, forget: [], erase: [], ...quiet });
    await using second = await openSecond(world);
    const signal = new AbortController().signal;
    expect(await second.connections.sweep({ trigger: "worker", concurrency: 4, signal })).toMatchObject({
      reconnect_required: 1,
    });
    expect(await handOut(second, connectionId)).toMatch(/^token_/);
    // Where the old house is still there, its newer token is kept.
    const kept = await restore(world.config, { file, overwrite: true, forget: [], erase: [], ...quiet });
    expect(kept.reconciled).toMatchObject({ renewed: 1 });
    expect(await handOut(world.runtime, connectionId)).toMatch(/^SIMTOK_/);
  });

  it("BR-02 is refused without the key, or with another one under its id, and no database is made", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    const file = path.join(world.folder, "monday.db");
    await backUp(world.config, { file, overwrite: false, ...quiet });
    const withKeys = (TOKEN_KEYS: string): Config =>
      readConfig({
        ...world.environment,
        DATABASE_URL: `file:${path.join(world.folder, "third.db")}`,
        TOKEN_KEYS,
      });
    const key = randomBytes(32).toString("base64");
    const request = { file, overwrite: false, forget: [], erase: [], ...quiet };
    await expect(restore(withKeys(`k9:${key}`), request)).rejects.toThrow('TOKEN_KEYS lacks key "dev"');
    await expect(restore(withKeys(`dev:${key}`), request)).rejects.toThrow('another key under the id "dev"');
  });

  it("TS-09 is not made where the web app is served from", async () => {
    await using world = await openTestWorld();
    const file = path.join(workspaceRoot, "apps/web/dist/backup.db");
    await expect(backUp(world.config, { file, overwrite: false, ...quiet })).rejects.toMatchObject({
      code: "web_root",
    });
  });
});
