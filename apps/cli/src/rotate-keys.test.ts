import { createTokenSeal } from "@perennial/connections";
import { openStore } from "@perennial/db";
import { furnish } from "@perennial/db/testing";
import { soundProductionEnvironment, startAppProcess } from "@perennial/runtime/testing";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { runCommand } from "./testing/run-command.ts";

const PROCESSES_TIMEOUT_MS = 120_000;
const folder = mkdtempSync(path.join(tmpdir(), "perennial-rotate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

type Ran = { code: number; text: string };

async function run(environment: Record<string, string>, ...args: string[]): Promise<Ran> {
  const { code, out, err } = await runCommand({ environment }, ["rotate-keys", ...args]);
  return { code, text: out + err };
}

function jsonOf({ text }: Ran): Record<string, unknown> {
  return JSON.parse(text.split("\n").findLast((line) => line.startsWith("{")) ?? "null") as Record<
    string,
    unknown
  >;
}

describe("perennial rotate-keys", { timeout: PROCESSES_TIMEOUT_MS }, () => {
  it("SC-07 TS-05 TS-06 TS-07 leads through a rotation, killed on the way, and shows no key unless asked", async () => {
    const key = randomBytes(32);
    const first = `k1:${key.toString("base64")}`;
    const seal = createTokenSeal([{ id: "k1", key }]);
    const database = `file:${path.join(folder, `${(files += 1)}.db`)}`;
    const withRing = (TOKEN_KEYS: string) => ({
      ...soundProductionEnvironment(),
      DATABASE_URL: database,
      TOKEN_KEYS,
    });
    await furnish(database, {
      connections: 2_000,
      sealFor: (connectionId, flavour) => seal.seal(`SECRET-${connectionId}`, { connectionId, flavour }),
      sealSinkFor: (sinkId) => seal.seal("SECRET", { sinkId }),
      sealChoiceFor: (connectionId, flavour) => seal.seal("SECRET", { connectionId, flavour }),
      keyChecks: [{ keyId: "k1", sealed: seal.checkValue("k1") }],
    });
    expect(await run(withRing(first))).toEqual({
      code: 0,
      text: expect.stringMatching(/k1 +seals +3,0[\s\S]*Nothing to do/),
    });
    expect((await run(withRing(first), "--add")).code).toBe(2);
    const output = path.join(folder, "token-keys.env");
    const added = await run(withRing(first), "--add", "--output", output);
    expect([added.code, added.text]).toEqual([0, expect.stringContaining('Key "k2" is made')]);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect((await run(withRing(first), "--add", "--output", output)).code).toBe(2);
    const both = /^TOKEN_KEYS=(.*)\n$/.exec(readFileSync(output, "utf8"))?.[1] ?? "";
    expect(both).toMatch(/^k1:\S+,k2:\S+$/);

    await using store = await openStore(database);
    const beat = (keyIds: string[]) =>
      store.beatProcess({ id: "p1", kind: "api", startedAt: new Date(), sweptAt: null, keyIds });
    await beat(["k1"]);
    expect((await run(withRing(both))).text).toMatch(/Next: 1 server runs without "k2"/);
    const newFirst = both.split(",").toReversed().join(",");
    expect(await run(withRing(newFirst), "--rewrap")).toEqual({
      code: 4,
      text: expect.stringContaining('without key "k2"'),
    });
    await store.removeProcess("p1");
    const promoted = await run(withRing(both), "--promote", "k2", "--reveal");
    expect(promoted).toEqual({ code: 0, text: expect.stringContaining(`TOKEN_KEYS=${newFirst}`) });

    await using killed = startAppProcess("cli", withRing(newFirst), ["rotate-keys", "--rewrap"]);
    await killed.lineWith("rewrapped 200");
    killed.signal("SIGKILL");
    expect(await killed.exited).toEqual({ code: null, signal: "SIGKILL" });
    expect(await run(withRing(newFirst), "--drop", "k1")).toEqual({
      code: 4,
      text: expect.stringMatching(/[\d,]+ sealed texts need key "k1"/),
    });
    const rewrapped = await run(withRing(newFirst), "--rewrap", "--json");
    expect([rewrapped.code, jsonOf(rewrapped)]).toEqual([
      0,
      expect.objectContaining({
        unreadable: [],
        missed: 0,
        step: { kind: "promote_or_drop", keyIds: ["k1"] },
      }),
    ]);
    const dropped = await run(withRing(newFirst), "--drop", "k1");
    expect(dropped).toEqual({ code: 0, text: expect.stringContaining("leaves k2") });
    const [second = ""] = newFirst.split(",");
    expect(await run(withRing(second))).toEqual({ code: 0, text: expect.stringContaining("Nothing to do") });
    // Whoever still seals with the retired key is not let in.
    expect(await run(withRing(both))).toEqual({ code: 5, text: expect.stringContaining("was retired") });
    const shown = [added, rewrapped, dropped].map(({ text }) => text).join("\n");
    expect(shown).not.toContain("SECRET");
    for (const ring of both.split(",")) expect(shown).not.toContain(ring.slice(3, 15));
  });

  it("changes the ring of a development where it is kept, in place of a person", async () => {
    const environment = { DATABASE_URL: `file:${path.join(folder, "dev", "perennial.db")}` };
    const added = await run(environment, "--add", "--json");
    expect([added.code, jsonOf(added)]).toEqual([0, { kind: "saved", keyId: "k1", keyIds: ["dev", "k1"] }]);
    expect(jsonOf(await run(environment, "--promote", "k1", "--json"))).toMatchObject({
      keyIds: ["k1", "dev"],
    });
    expect((await run(environment, "--rewrap")).code).toBe(0);
    expect(jsonOf(await run(environment, "--drop", "dev", "--json"))).toMatchObject({ keyIds: ["k1"] });
    expect(await run(environment)).toEqual({ code: 0, text: expect.stringContaining("Nothing to do") });
    expect(statSync(path.join(folder, "dev", "development-secrets.json")).mode & 0o777).toBe(0o600);
  });
});
