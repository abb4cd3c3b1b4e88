import { connect, openTestWorld, startAppProcess, type TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

type Ran = { code: number | null; text: string };

async function run(world: TestWorld, ...args: string[]): Promise<Ran> {
  const { LOG_LEVEL: _quiet, ...environment } = world.environment;
  await using cli = startAppProcess("cli", environment, args);
  const { code } = await cli.exited;
  return { code, text: cli.lines.join("\n") };
}

describe("the perennial command", () => {
  it("shows connections as a table for people and as JSON for scripts, without a server running", async () => {
    await using world = await openTestWorld();
    expect(await run(world, "status")).toEqual({
      code: 0,
      text: expect.stringContaining("No connections yet"),
    });
    const { connectionId } = await connect(world, "acme.shop");
    const { code, text } = await run(world, "status");
    expect([code, text]).toEqual([0, expect.stringMatching(/@acme\.shop +healthy +60 days/)]);
    const json = await run(world, "status", "--json");
    expect(JSON.parse(json.text)).toMatchObject([{ id: connectionId, state: "healthy" }]);
    expect(json.text).not.toMatch(/SIMTOK|sealed/i);
  });

  it("refreshes one connection when it is due, and only then unless forced", async () => {
    await using world = await openTestWorld();
    const { connectionId } = await connect(world, "acme.shop");
    world.sim.clock.advance({ days: 1, minutes: 1 });
    expect(await run(world, "refresh", connectionId)).toEqual({
      code: 0,
      text: expect.stringContaining("Not due"),
    });
    const forced = await run(world, "refresh", connectionId, "--force", "--json");
    expect([forced.code, JSON.parse(forced.text)]).toEqual([
      0,
      expect.objectContaining({ kind: "refreshed" }),
    ]);
  });

  it("sweeps what is due, and says by its exit code that a person is needed", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    world.sim.users.removeApp("lena.paints");
    world.sim.clock.advance({ days: 40 });
    const swept = await run(world, "sweep", "--json");
    expect([swept.code, JSON.parse(swept.text)]).toEqual([
      3,
      expect.objectContaining({ claimed: 2, refreshed: 1, reconnect_required: 1 }),
    ]);
    expect((await run(world, "status")).code).toBe(3);
  });

  it("ends with the exit codes of the contract on wrong use, unknown connections and broken settings", async () => {
    await using world = await openTestWorld();
    expect((await run(world, "nonsense")).code).toBe(2);
    expect((await run(world, "refresh")).code).toBe(2);
    expect((await run(world, "refresh", "con_0000000000000000000000")).code).toBe(2);
    expect((await run(world, "--help")).code).toBe(0);
    const broken = { ...world, environment: { ...world.environment, REFRESH_CRON: "nonsense" } };
    expect(await run(broken, "status")).toEqual({ code: 5, text: expect.stringContaining("REFRESH_CRON") });
  });
});
