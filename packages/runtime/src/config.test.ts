import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { ConfigError, readConfig } from "./config.ts";
import { workspaceRoot, type Environment } from "./environment.ts";
import { BROKEN_SETTINGS, soundProductionEnvironment } from "./testing/environments.ts";

function problemsOf(environment: Environment): string {
  try {
    readConfig(environment);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const folder = (): string => mkdtempSync(path.join(tmpdir(), "perennial-config-"));

describe("the configuration", () => {
  it("is accepted when nothing is wrong with it", () => {
    expect(problemsOf(soundProductionEnvironment())).toBe("");
  });

  it.each(BROKEN_SETTINGS)("TS-04 refuses $what and names it", ({ change, names }) => {
    expect(problemsOf({ ...soundProductionEnvironment(), ...change })).toContain(names);
  });

  it("lists every problem at once and shows no value", () => {
    const secret = `changeme-${randomBytes(8).toString("hex")}`;
    const message = problemsOf({
      ...soundProductionEnvironment(),
      JWT_SECRET: secret,
      CRON_SECRET: secret,
      TOKEN_KEYS: secret,
      APP_URL: `ftp://${secret}`,
      REFRESH_CRON: secret,
      API_PORT: secret,
    });
    for (const name of ["JWT_SECRET", "CRON_SECRET", "TOKEN_KEYS", "APP_URL", "REFRESH_CRON", "API_PORT"]) {
      expect(message).toContain(name);
    }
    expect(message).not.toContain(secret);
  });

  it("needs nothing in development: the simulator plays Instagram and the secrets are made once, mode 0600", () => {
    const environment = { DATABASE_URL: `file:${path.join(folder(), "data", "p.db")}` };
    const first = readConfig(environment);
    const second = readConfig(environment);
    expect(first.simulator?.origin).toBe("http://127.0.0.1:4010");
    expect(first.instagram?.origins.authorize).toBe("http://127.0.0.1:4010");
    expect(second).toEqual(first);
    const data = path.dirname(environment.DATABASE_URL.slice("file:".length));
    expect(readdirSync(data)).toEqual(["development-secrets.json"]);
    expect(statSync(path.join(data, "development-secrets.json")).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  it("talks to the real Instagram in development once an app is set, and never to the simulator in production", () => {
    const { INSTAGRAM_CLIENT_ID, INSTAGRAM_CLIENT_SECRET, ...rest } = soundProductionEnvironment();
    const app = {
      INSTAGRAM_CLIENT_ID,
      INSTAGRAM_CLIENT_SECRET,
      DATABASE_URL: `file:${path.join(folder(), "p.db")}`,
    };
    expect(readConfig(app).simulator).toBeNull();
    expect(readConfig(app).instagram?.origins).toEqual({});
    expect(readConfig({ ...rest, ...app, SIMULATOR_PORT: "4999" }).simulator).toBeNull();
  });

  it("takes a Postgres address as it is, and shows none that it cannot take", () => {
    const address = "postgresql://perennial:canary@db.test:5432/perennial?sslmode=require&pool_max=20";
    const { databaseUrl } = readConfig({ ...soundProductionEnvironment(), DATABASE_URL: address });
    expect(databaseUrl).toBe(address);
    for (const wrong of [
      "mysql://u:canary@db.test/p",
      "postgresql://u:canary@db.test:canary/p",
      "canary.db",
    ]) {
      const message = problemsOf({ ...soundProductionEnvironment(), DATABASE_URL: wrong });
      expect(message).toContain("DATABASE_URL is neither file:./a/path nor postgresql://");
      expect(message).not.toContain("canary");
    }
  });

  it("keeps what development makes beside a SQLite file, and in DATA_FOLDER with Postgres", () => {
    const place = folder();
    const address = "postgresql://perennial@db.test/perennial";
    const beside = readConfig({
      DATABASE_URL: `file:${path.join(place, "p.db")}`,
      DATA_FOLDER: "/elsewhere",
    });
    const apart = readConfig({ DATABASE_URL: address, DATA_FOLDER: place });
    expect([beside.dataFolder, apart.dataFolder]).toEqual([place, place]);
    expect(apart.jwtSecret).toBe(beside.jwtSecret);
    const { dataFolder } = readConfig({ ...soundProductionEnvironment(), DATABASE_URL: address });
    expect(path.relative(workspaceRoot, dataFolder)).toBe("data");
  });

  it("treats an empty variable as one that is not set", () => {
    const { appUrl } = readConfig({ APP_URL: "", DATABASE_URL: `file:${path.join(folder(), "p.db")}` });
    expect(appUrl).toBe("http://localhost:5173");
  });

  it("opens nothing of the server's own to the web in production, unless it is said to be", () => {
    const production = soundProductionEnvironment();
    const closed = { folders: [], mayReachPrivate: false, needsTls: true };
    expect(readConfig(production).webSinks).toEqual(closed);
    const opened = { SINK_FOLDERS: "/srv/a, /srv/b", SINKS_MAY_REACH_PRIVATE_ADDRESSES: "true" };
    expect(readConfig({ ...production, ...opened }).webSinks).toEqual({
      folders: ["/srv/a", "/srv/b"],
      mayReachPrivate: true,
      needsTls: true,
    });
  });
});
