import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { furnish } from "@perennial/db/testing";
import { workspaceRoot } from "@perennial/runtime";
import {
  connect,
  inheritedEnvironment,
  openTestWorld,
  startAppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

const MAIN = path.join(workspaceRoot, "apps/cli/src/main.ts");

function environmentOf(world: TestWorld): Record<string, string> {
  const { LOG_LEVEL: _quiet, ...environment } = world.environment;
  return environment;
}

describe("perennial as a process", () => {
  it("works from an empty data folder, and what it makes is its owner's alone (SC-07)", async () => {
    await using world = await openTestWorld();
    const folder = path.join(world.folder, "fresh");
    // With the secrets that the simulator of this world knows.
    const environment = {
      ...environmentOf(world),
      DATABASE_URL: `file:${folder}/perennial.db`,
      INSTAGRAM_CLIENT_ID: world.sim.instagramApp.clientId,
      INSTAGRAM_CLIENT_SECRET: world.sim.instagramApp.clientSecret,
      ...Object.fromEntries(
        ["AUTHORIZE", "API", "GRAPH"].map((name) => [`INSTAGRAM_${name}_ORIGIN`, world.sim.origin]),
      ),
    };
    const run = async (args: string[], input: string | null = null) => {
      await using cli = startAppProcess("cli", environment, args, input);
      const { code } = await cli.exited;
      return { code, text: cli.lines.join("\n") };
    };
    const begun = await run(["auth-url", "--json"]);
    expect(begun.code).toBe(0);
    const { authorizationUrl } = JSON.parse(begun.text) as { authorizationUrl: string };
    const address = await world.sim.authorize({ authorizationUrl, user: "acme.shop" });
    const done = await run(["authenticate", "--json"], address);
    expect([done.code, done.text]).toEqual([0, expect.stringContaining('"username":"acme.shop"')]);
    expect(done.text).not.toMatch(/SIMTOK|SIMCODE|SIMSEC/);
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(["development-secrets.json", "perennial.db"]));
    for (const file of files)
      expect([file, statSync(path.join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("SC-07 shows no token in the list of processes, nor in what it prints or logs", async () => {
    await using world = await openTestWorld();
    const { value } = world.sim.issueLongLivedToken("acme.shop");
    world.sim.clock.advance({ days: 3 });
    const gateId = world.sim.gates.add({ at: "refresh", point: "before_process" });
    const environment = { ...environmentOf(world), LOG_LEVEL: "trace" };
    await using cli = startAppProcess("cli", environment, ["import", "--json"], value);
    await world.sim.gates.waitFor(gateId); // in the middle of its work
    const listed = readFileSync(`/proc/${cli.pid}/cmdline`, "utf8");
    const held = readFileSync(`/proc/${cli.pid}/environ`, "utf8");
    expect(listed).toContain("import");
    expect(listed + held).not.toMatch(/SIMTOK/);
    world.sim.gates.release(gateId);
    expect((await cli.exited).code).toBe(0);
    expect(cli.lines.join("\n")).toContain('"kind":"imported"');
    expect(cli.lines.join("\n")).not.toMatch(/SIMTOK|SIMSEC/);
  });

  it("ends quietly when nobody reads on", async () => {
    await using world = await openTestWorld();
    const file = `file:${path.join(world.folder, "many.db")}`;
    await furnish(file, { connections: 2_000, keyChecks: [] });
    const environment = { ...inheritedEnvironment(), ...environmentOf(world), DATABASE_URL: file };
    const child = spawn(process.execPath, [MAIN, "status", "--json"], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, complaints]).toEqual([0, ""]);
  });

  it("stops a sweep on Ctrl-C with what is in hand, and says so by its exit code", async () => {
    await using world = await openTestWorld();
    for (const user of ["acme.shop", "lena.paints", "north.roasters"]) await connect(world, user);
    world.sim.clock.advance({ days: 40 });
    const gateId = world.sim.gates.add({ at: "refresh", point: "before_process" });
    const environment = { ...environmentOf(world), REFRESH_CONCURRENCY: "1" };
    await using cli = startAppProcess("cli", environment, ["sweep", "--json"]);
    await world.sim.gates.waitFor(gateId);
    cli.signal("SIGINT");
    await cli.lineWith("what is in hand is finished first");
    world.sim.gates.release(gateId);
    expect(await cli.exited).toEqual({ code: 130, signal: null });
    expect(cli.lines.at(-1)).toContain('"isInterrupted":true');
    expect(cli.lines.at(-1)).toContain('"refreshed":1');
  });
});
