import { connect, openTestWorld, startAppProcess, type TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

type Ran = { code: number | null; text: string };

async function run(world: TestWorld, ...args: string[]): Promise<Ran> {
  return await runWith(world, null, ...args);
}

/** With something on standard input. */
async function runWith(world: TestWorld, input: string | null, ...args: string[]): Promise<Ran> {
  const { LOG_LEVEL: _quiet, ...environment } = world.environment;
  await using cli = startAppProcess("cli", environment, args, input);
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

  it("SC-07 keeps a token from standard input, proves that it works, and never prints it", async () => {
    await using world = await openTestWorld();
    const { value } = world.sim.issueLongLivedToken("acme.shop");
    world.sim.clock.advance({ days: 3 });
    const kept = await runWith(world, `IG_TOKEN="${value}"\n`, "import", "--json");
    const connection = { username: "acme.shop", isNew: true, expiryBasis: "told" };
    expect([kept.code, JSON.parse(kept.text)]).toMatchObject([
      0,
      { kind: "imported", connections: [connection] },
    ]);
    const [{ connectionId }] = (JSON.parse(kept.text) as { connections: [{ connectionId: string }] })
      .connections;
    const proved = await run(world, "validate", connectionId);
    expect(proved).toEqual({ code: 0, text: expect.stringContaining("The token works for @acme.shop") });
    world.sim.users.removeApp("acme.shop");
    const refused = await run(world, "validate", connectionId);
    expect(refused).toEqual({ code: 3, text: expect.stringContaining("The token does not work") });
    const none = await runWith(world, "hello", "import");
    expect(none).toEqual({ code: 2, text: expect.stringContaining("no access token") });
    const several = world.sim.issueFacebookToken("maya.brandt").value;
    const asked = await runWith(world, several, "import");
    expect(asked).toEqual({ code: 2, text: expect.stringContaining("@lena.paints") });
    const chosen = await runWith(world, several, "import", "--account", "17841401234567892");
    expect(chosen).toEqual({ code: 0, text: expect.stringMatching(/@lena\.paints +new/) });
    for (const { text } of [kept, proved, refused, none, asked, chosen]) expect(text).not.toMatch(/SIMTOK/);
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
