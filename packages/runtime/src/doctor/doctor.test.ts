import { randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import path from "node:path";

import { openStore } from "@perennial/db";
import { describe, expect, it } from "vitest";

import { connect, openTestWorld, soundProductionEnvironment, type TestWorld } from "../testing/index.ts";
import type { Check } from "./check.ts";
import { checkClock, readClocks } from "./clock.ts";
import { checkGraphVersion } from "./versions.ts";
import { checkWorkers } from "./workers.ts";
import { diagnose } from "./diagnose.ts";

/** The levels by id. */
function levelsOf(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, level }) => [id, level]));
}

/** A production environment that talks to the simulator of a world as to Meta. */
function asProduction(world: TestWorld): Record<string, string> {
  const { instagramApp, facebookApp, origin, facebookOrigin } = world.sim;
  return {
    ...soundProductionEnvironment(),
    DATABASE_URL: `file:${path.join(world.folder, "production.db")}`,
    INSTAGRAM_CLIENT_ID: instagramApp.clientId,
    INSTAGRAM_CLIENT_SECRET: instagramApp.clientSecret,
    FACEBOOK_CLIENT_ID: facebookApp.clientId,
    FACEBOOK_CLIENT_SECRET: facebookApp.clientSecret,
    ...Object.fromEntries(["AUTHORIZE", "API", "GRAPH"].map((name) => [`INSTAGRAM_${name}_ORIGIN`, origin])),
    FACEBOOK_DIALOG_ORIGIN: facebookOrigin,
    FACEBOOK_GRAPH_ORIGIN: facebookOrigin,
  };
}

describe("the version of Meta's API", () => {
  it("is warned of in time, called ended after, and doubted where nobody knows it", () => {
    const app = { clientId: "1", clientSecret: "s" };
    const levelAt = (graphVersion: string | undefined, day: string) => {
      const instagram = { app, origins: {}, ...(graphVersion === undefined ? {} : { graphVersion }) };
      const checks = checkGraphVersion({ instagram, facebook: null }, new Date(`${day}T00:00:00Z`));
      return checks.map(({ id, level }) => `${id} ${level}`).join(", ");
    };
    expect(levelAt(undefined, "2026-12-01")).toBe("instagram.version green");
    expect(levelAt("v24.0", "2026-12-01")).toBe("instagram.version green");
    expect(levelAt("v21.0", "2026-12-01")).toBe("instagram.version amber");
    expect(levelAt("v21.0", "2027-02-01")).toBe("instagram.version red");
    expect(levelAt("v99.0", "2026-12-01")).toBe("instagram.version amber");
    expect(levelAt(undefined, "2028-01-01")).toBe("instagram.version green, instagram.facts amber");
  });
});

describe("the doctor", () => {
  it("finds a sound installation sound, and says what to register and who is missing", async () => {
    await using world = await openTestWorld();
    const { checks, steps, isSimulated } = await diagnose(asProduction(world));
    expect(levelsOf(checks)).toEqual({
      "settings.readable": "green",
      "settings.alerts": "amber",
      "database.opens": "green",
      "database.migrated": "green",
      "database.writable": "green",
      "database.private": "green",
      "keys.fit": "green",
      "instagram.instagram": "green",
      "instagram.facebook": "green",
      "instagram.version": "green",
      "clock.skew": "green",
      "redirects.instagram": "green",
      "redirects.facebook": "green",
      "schedule.outage": "green",
      "workers.running": "amber",
      "connections.well": "green",
    });
    const said = JSON.stringify(checks);
    expect(said).toContain("https://app.example.com/auth/instagram/callback");
    expect(said).toContain("An outage of 30.0 days");
    expect(isSimulated).toBe(false);
    expect(steps.find(({ id }) => id === "facebook.deauthorize")).toMatchObject({
      copy: "https://app.example.com/meta/deauthorize",
    });
    for (const { level, cure } of checks) expect(level === "green" || cure !== null).toBe(true);
    expect(JSON.stringify({ checks, steps })).not.toMatch(/SIMSEC/);
  });

  it("names every setting that is wrong, and what it could not look at for that", async () => {
    const { checks } = await diagnose({
      ...soundProductionEnvironment(),
      JWT_SECRET: "short",
      APP_URL: "http://x.test",
    });
    const red = checks.filter(({ level }) => level === "red");
    expect(red.map(({ message }) => message).join(" ")).toMatch(/APP_URL .* JWT_SECRET/);
    expect(levelsOf(checks)).toMatchObject({ "database.all": "unchecked", "connections.all": "unchecked" });
  });

  it("tells a wrong secret from a Meta that cannot be reached", async () => {
    await using world = await openTestWorld();
    const sound = asProduction(world);
    const wrong = {
      INSTAGRAM_CLIENT_SECRET: "0123456789abcdef01",
      FACEBOOK_CLIENT_SECRET: "fedcba9876543210fe",
    };
    expect(levelsOf((await diagnose({ ...sound, ...wrong })).checks)).toMatchObject({
      "instagram.instagram": "red",
      "instagram.facebook": "red",
    });
    const nowhere = Object.fromEntries(
      Object.keys(sound).flatMap((name) => (name.endsWith("_ORIGIN") ? [[name, "http://127.0.0.1:9"]] : [])),
    );
    expect(levelsOf((await diagnose({ ...sound, ...nowhere })).checks)).toMatchObject({
      "instagram.instagram": "unchecked",
      "instagram.facebook": "unchecked",
      "clock.skew": "unchecked",
      "database.opens": "green",
    });
  });

  it("finds keys that do not fit, a file that others can read, and a database that does not open", async () => {
    await using world = await openTestWorld();
    const environment = asProduction(world);
    const file = environment["DATABASE_URL"]?.slice("file:".length) ?? "";
    {
      await using store = await openStore(`file:${file}`);
      await store.addKeyCheck({ keyId: "old", sealed: "v1.old.check" });
    }
    chmodSync(file, 0o644);
    expect(levelsOf((await diagnose(environment)).checks)).toMatchObject({
      "keys.problem_1": "red",
      "database.private": "amber",
    });
    const damaged = {
      ...environment,
      DATABASE_URL: `file:${path.join(world.folder, "development-secrets.json")}`,
    };
    expect(levelsOf((await diagnose(damaged)).checks)).toMatchObject({
      "database.opens": "red",
      "keys.all": "unchecked",
      "instagram.instagram": "green",
    });
  });

  it("finds the connections that need somebody, by the simulator's clock where that is followed", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    expect(levelsOf((await diagnose(world.environment)).checks)).toMatchObject({
      "connections.well": "green",
    });
    world.sim.users.removeApp("acme.shop");
    await world.runtime.simulatorClock?.advance(40 * 86_400_000);
    world.sim.faults.add({
      at: "refresh",
      match: { user: "lena.paints" },
      do: "graph_error",
      with: { code: 2 },
    });
    const { connections } = world.runtime;
    await connections.refresh({ ...(await idOf(world, "acme.shop")), force: false });
    await connections.refresh({ ...(await idOf(world, "lena.paints")), force: false });
    expect(levelsOf((await diagnose(world.environment)).checks)).toMatchObject({
      "connections.reconnect": "amber",
      "connections.failing": "amber",
    });
    const away = { ...world.environment, SIMULATOR_PORT: "9", SIMULATOR_FACEBOOK_PORT: "9" };
    expect(levelsOf((await diagnose(away)).checks)).toMatchObject({
      "instagram.instagram": "unchecked",
      "connections.all": "unchecked",
    });
  });
});

async function idOf(world: TestWorld, username: string) {
  const [found] = await world.runtime.connections.findByUsername({ username, limit: 1 });
  return { connectionId: found?.id ?? "", userId: null, trigger: "cli" } as const;
}

describe("the doctor's look at a clock", () => {
  it.each([
    [0, "green"],
    [-90_000, "green"],
    [3 * 60_000, "amber"],
    [-11 * 60_000, "red"],
  ])("calls one that is %i ms off %s", async (offMs, level) => {
    const serverNow = Date.parse("2026-06-01T12:00:00Z");
    const readings = readClocks(
      () => Promise.resolve({ status: 200, body: "", headers: { date: new Date(serverNow).toUTCString() } }),
      () => new Date(serverNow + 500 + offMs),
    );
    expect(readings.skewMs()).toBeNull();
    await readings.transport({ method: "GET", url: "https://graph.test/" });
    expect(readings.skewMs()).toBe(offMs);
    expect(checkClock(readings.skewMs(), false)).toMatchObject([{ level }]);
  });

  it("leaves the simulator's clock to the simulator, and knows nothing without an answer", () => {
    expect(checkClock(86_400_000, true)).toMatchObject([{ level: "green" }]);
    expect(checkClock(null, false)).toMatchObject([{ level: "unchecked" }]);
  });
});

describe("the doctor's look at workers", () => {
  const NOW = new Date("2026-06-01T12:00:00Z");
  const minutesAgo = (count: number): Date => new Date(NOW.getTime() - count * 60_000);
  const schedule = { cron: "", concurrency: 1, leaseMs: 1, leadMs: 1, urgentMs: 1, periodMs: 15 * 60_000 };

  it.each([
    ["swept lately", minutesAgo(600), minutesAgo(20), "green"],
    ["has just been started", minutesAgo(1), null, "green"],
    ["has not swept for long", minutesAgo(600), minutesAgo(40), "red"],
    ["never swept", minutesAgo(600), null, "red"],
  ])("one that %s", async (_what, startedAt, sweptAt, level) => {
    const worker = {
      id: randomBytes(4).toString("hex"),
      kind: "worker",
      startedAt,
      sweptAt,
      keyIds: null,
      seenAt: NOW,
    } as const;
    const store = { listRunningProcesses: () => Promise.resolve([worker]) };
    const checks = await checkWorkers(store, { schedule }, NOW);
    expect(levelsOf(checks)).toEqual({ "workers.running": "green", "workers.swept": level });
  });
});
