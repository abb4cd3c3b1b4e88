import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";

import { openRuntime, readConfig } from "@perennial/runtime";
import {
  BROKEN_SETTINGS,
  freePort,
  openTestWorld,
  soundProductionEnvironment,
  startAppProcess,
} from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

const folder = (): string => mkdtempSync(path.join(tmpdir(), "perennial-api-"));

type Broken = (typeof BROKEN_SETTINGS)[number];

/** Those that can be wrong at once, as they change settings of their own; and what is left. */
function withoutOverlap(all: readonly Broken[]): [chosen: Broken[], rest: Broken[]] {
  const taken = new Set<string>();
  const [chosen, rest]: [Broken[], Broken[]] = [[], []];
  for (const broken of all) {
    const names = Object.keys(broken.change);
    (names.some((name) => taken.has(name)) ? rest : chosen).push(broken);
    for (const name of names) taken.add(name);
  }
  return [chosen, rest];
}

function givenOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const isGiven = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;
  return Object.fromEntries(Object.entries(environment).filter(isGiven));
}

describe("the api process", () => {
  // That each is refused alone, too, is for the tests of the configuration: here are processes.
  it("TS-04 refuses to start with broken settings: exit code 5, a message for each, no database", async () => {
    // Outside of production less is refused: a misspelt NODE_ENV would hide the others.
    const ofProduction = BROKEN_SETTINGS.filter(({ change }) => !("NODE_ENV" in change));
    const [first, rest] = withoutOverlap(ofProduction);
    const [second] = withoutOverlap(rest);
    expect(first.length + second.length).toBeGreaterThanOrEqual(12);
    for (const broken of [first, second]) {
      const file = path.join(folder(), "perennial.db");
      const changes = broken.map(({ change }) => change);
      const environment = Object.assign(soundProductionEnvironment(), ...changes, {
        DATABASE_URL: `file:${file}`,
      });
      await using api = startAppProcess("api", givenOnly(environment));
      expect((await api.exited).code).toBe(5);
      const text = api.lines.join("\n");
      for (const { names } of broken) expect(text).toContain(names);
      expect(text).not.toMatch(/ {4}at /);
      expect(existsSync(file)).toBe(false);
    }
  });

  it("TS-04 refuses another key under the id this database was used with, and changes nothing", async () => {
    const file = path.join(folder(), "perennial.db");
    const environment = {
      ...soundProductionEnvironment(),
      DATABASE_URL: `file:${file}`,
      API_PORT: String(await freePort()),
    };
    await (await openRuntime(readConfig(environment), { name: "api" }))[Symbol.asyncDispose]();
    const before = [readFileSync(file).toString("base64"), statSync(file).mtimeMs];
    const changed = { ...environment, TOKEN_KEYS: `k1:${randomBytes(32).toString("base64")}` };
    await using api = startAppProcess("api", changed);
    expect((await api.exited).code).toBe(5);
    expect(api.lines.join("\n")).toContain('another key under the id "k1"');
    expect([readFileSync(file).toString("base64"), statSync(file).mtimeMs]).toEqual(before);
  });

  it("SC-05 GS-01 answers without a stack trace when NODE_ENV is unset, and exits 0 on SIGTERM, once on a second one", async () => {
    await using world = await openTestWorld();
    const port = await freePort();
    await using api = startAppProcess("api", { ...world.environment, API_PORT: String(port) });
    await api.lineWith("api.listening");
    const answer = await fetch(`http://127.0.0.1:${port}/trpc/connections.list`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toMatch(/stack|\.ts:/);
    api.signal("SIGTERM");
    api.signal("SIGTERM");
    expect(await api.exited).toEqual({ code: 0, signal: null });
  });

  it("says in one sentence that its port is taken", async () => {
    await using world = await openTestWorld();
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using api = startAppProcess("api", { ...world.environment, API_PORT: String(port) });
    expect((await api.exited).code).toBe(1);
    expect(api.lines.filter((line) => !line.startsWith("{"))).toEqual([
      expect.stringContaining(`Port ${port} is already taken.`),
    ]);
    other.close();
  });
});
