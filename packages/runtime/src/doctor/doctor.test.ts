import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";

import { TransportError } from "@perennial/instagram";
import { describe, expect, it } from "vitest";

import { connect, openTestWorld, soundProductionEnvironment, type TestWorld } from "../testing/index.ts";
import type { Check } from "./check.ts";
import { checkClock, readClocks } from "./clock.ts";
import { checkHosts } from "./hosts.ts";
import { checkScopes } from "./scopes.ts";
import { checkGraphVersion } from "./versions.ts";
import { diagnose } from "./diagnose.ts";
import { setUpSoundInstallation, siteTransport } from "./testing/sound-installation.ts";
import { checkWorkers } from "./workers.ts";

/** Nothing of the machine's own is looked at. */
const quietly = { folder: tmpdir(), siteTransport: siteTransport() };

/** The levels by id. */
function levelsOf(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, level }) => [id, level]));
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
  it("says what to register, and what only a person can see to, with this installation's own texts", async () => {
    await using installation = await setUpSoundInstallation();
    const { environment, folder } = installation;
    const { checks, steps, isSimulated } = await diagnose(
      { ...environment, FACEBOOK_CONFIG_ID: "550000000000001" },
      { folder, siteTransport: siteTransport() },
    );
    expect(isSimulated).toBe(false);
    expect(checks.find(({ id }) => id === "redirects.facebook")).toMatchObject({
      copy: "https://app.example.com/auth/facebook/callback",
      cure: "App dashboard: Facebook Login for Business > Settings.",
    });
    const copies = Object.fromEntries(steps.map(({ id, copy }) => [id, copy]));
    expect(copies).toMatchObject({
      "instagram.redirect": "https://app.example.com/auth/instagram/callback",
      "facebook.redirect": "https://app.example.com/auth/facebook/callback",
      "facebook.deauthorize": "https://app.example.com/meta/deauthorize",
      "instagram.data_deletion": "https://app.example.com/meta/data-deletion",
      "facebook.domain": "app.example.com",
      "instagram.advanced_access": "instagram_business_basic,instagram_business_content_publish",
      "facebook.configuration": expect.stringContaining("pages_show_list"),
      "instagram.testers": null,
      "instagram.privacy_policy": null,
    });
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    expect(JSON.stringify(checks)).toContain("An outage of 30.0 days");
    for (const { level, cure } of checks) expect(level === "green" || cure !== null).toBe(true);
  });

  it("names every setting that is wrong, and what it could not look at for that", async () => {
    const { checks } = await diagnose(
      {
        ...soundProductionEnvironment(),
        JWT_SECRET: "short",
        APP_URL: "http://x.test",
      },
      quietly,
    );
    const red = checks.filter(({ level }) => level === "red");
    expect(red.map(({ message }) => message).join(" ")).toMatch(/APP_URL .* JWT_SECRET/);
    expect(levelsOf(checks)).toMatchObject({ "database.all": "unchecked", "connections.all": "unchecked" });
  });

  it("says offline what it could not check, and checks the rest", async () => {
    await using installation = await setUpSoundInstallation();
    const { environment, folder } = installation;
    const nowhere = Object.fromEntries(
      Object.keys(environment).flatMap((name) =>
        name.endsWith("_ORIGIN") ? [[name, "http://127.0.0.1:9"]] : [],
      ),
    );
    const away = () =>
      Promise.reject(new TransportError("connect_failed", { requestMayHaveBeenProcessed: false }));
    const { checks } = await diagnose({ ...environment, ...nowhere }, { folder, siteTransport: away });
    const unchecked = checks.filter(({ level }) => level === "unchecked");
    expect(unchecked.map(({ id }) => id)).toEqual([
      "instagram.instagram",
      "instagram.facebook",
      "clock.skew",
      "callbacks.reachable",
    ]);
    for (const { message, cure } of unchecked) {
      expect(message).toMatch(/not checked|to compare/);
      expect(cure).not.toBeNull();
    }
    expect(levelsOf(checks)).toMatchObject({ "database.opens": "green", "secrets.tracked": "green" });
  });

  it("finds the connections that need somebody, by the simulator's clock where that is followed", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    expect(levelsOf((await diagnose(world.environment, quietly)).checks)).toMatchObject({
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
    expect(levelsOf((await diagnose(world.environment, quietly)).checks)).toMatchObject({
      "connections.reconnect": "amber",
      "connections.failing": "amber",
    });
    const away = { ...world.environment, SIMULATOR_PORT: "9", SIMULATOR_FACEBOOK_PORT: "9" };
    expect(levelsOf((await diagnose(away, quietly)).checks)).toMatchObject({
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
    const store = {
      listRunningProcesses: () => Promise.resolve([worker]),
      findLatestRun: () => Promise.resolve(null),
    };
    const checks = await checkWorkers(store, { schedule }, NOW);
    expect(levelsOf(checks)).toEqual({ "workers.running": "green", "workers.swept": level });
  });
});

describe("the doctor's look at what calls for sweeps in a worker's stead", () => {
  const NOW = new Date("2026-06-01T12:00:00Z");
  const schedule = { cron: "", concurrency: 1, leaseMs: 1, leadMs: 1, urgentMs: 1, periodMs: 15 * 60_000 };
  const lookAt = async (finishedMinutesAgo: number | null) => {
    const finishedAt = new Date(NOW.getTime() - (finishedMinutesAgo ?? 0) * 60_000);
    const run = {
      id: "run",
      processId: "prc",
      startedAt: finishedAt,
      finishedAt,
      counts: null,
      errorCode: null,
    };
    const store = {
      listRunningProcesses: () => Promise.resolve([]),
      findLatestRun: () => Promise.resolve(finishedMinutesAgo === null ? null : run),
    };
    return levelsOf(await checkWorkers(store, { schedule }, NOW));
  };

  it("takes a scheduler for a worker as long as it comes again in time", async () => {
    expect(await lookAt(20)).toEqual({ "workers.running": "green", "workers.swept": "green" });
    expect(await lookAt(40)).toEqual({ "workers.running": "amber" });
    expect(await lookAt(null)).toEqual({ "workers.running": "amber" });
  });
});

describe("the doctor's look at scopes and hosts", () => {
  const apps = { instagram: { app: { clientId: "1", clientSecret: "s" }, origins: {} }, facebook: null };
  const levelOf = (scopes: string[], day: string) => {
    const checks = checkScopes(apps, new Date(`${day}T00:00:00Z`), { instagram: scopes, facebook: [] });
    return checks.map(({ level, message }) => `${level}: ${message}`).join();
  };

  it("takes those of one family, and none that has ended", () => {
    expect(levelOf(["instagram_business_basic"], "2026-11-28")).toMatch(/^green/);
    expect(levelOf(["instagram_business_basic", "pages_show_list"], "2026-11-28")).toMatch(
      /^red: .*not its own: pages_show_list/,
    );
    expect(levelOf(["business_basic"], "2026-11-28")).toMatch(
      /^red: .*ended: business_basic \(now instagram_business_basic\)/,
    );
  });

  it("warns of an end ahead", () => {
    expect(
      checkHosts(
        {
          origins: { instagram: { authorize: "https://api.instagram.com" }, facebook: {} },
          isProduction: true,
          simulator: null,
        },
        new Date("2026-07-01T00:00:00Z"),
      ),
    ).toMatchObject({
      level: "amber",
      message: "The login page at https://api.instagram.com ends in 52 days.",
    });
  });
});
