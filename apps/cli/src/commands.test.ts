import { Writable } from "node:stream";

import { connect, openTestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { buildProgram } from "./program.ts";
import { runCommand, runJson } from "./testing/run-command.ts";

type Imported = { kind: string; connections: [{ connectionId: string }] };

describe("perennial status", () => {
  it("shows connections as a table for people and as JSON for scripts", async () => {
    await using world = await openTestWorld();
    expect(await runCommand(world, ["status"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("No connections yet"),
    });
    expect(await runJson(world, ["status"])).toMatchObject({ code: 0, json: [] });
    const { connectionId } = await connect(world, "acme.shop");
    const { code, out } = await runCommand(world, ["status"]);
    expect([code, out]).toEqual([0, expect.stringMatching(/@acme\.shop +healthy +60 days/)]);
    const { json, err } = await runJson(world, ["status"]);
    expect(json).toMatchObject([{ id: connectionId, state: "healthy" }]);
    expect(JSON.stringify(json) + err).not.toMatch(/SIMTOK|sealed/i);
  });

  it("says of each who has to act, and shows a state or a user alone", async () => {
    await using world = await openTestWorld();
    const acme = await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    await connect(world, "north.roasters");
    world.sim.users.removeApp("lena.paints");
    world.sim.clock.advance({ days: 40 });
    world.sim.faults.add({
      at: "refresh",
      match: { user: "north.roasters" },
      do: "graph_error",
      with: { code: 2 },
    });
    expect((await runCommand(world, ["sweep"])).code).toBe(3);
    const { code, out } = await runCommand(world, ["status"]);
    expect(code).toBe(3);
    expect(out).toMatch(/@acme\.shop +healthy .* –\n/);
    expect(out).toMatch(/@lena\.paints +reconnect required .* ⚑ the person /);
    expect(out).toMatch(/@north\.roasters +failing .* ↻ retries /);
    const failing = await runJson<{ username: string }[]>(world, ["status", "--state", "failing"]);
    expect(failing).toMatchObject({ code: 0, json: [{ username: "north.roasters" }] });
    const own = await runJson<{ id: string }[]>(world, ["status", "--user", "@acme.shop"]);
    expect(own).toMatchObject({ code: 0, json: [{ id: acme.connectionId }] });
    expect(own.json).toHaveLength(1);
    expect((await runCommand(world, ["status", "--state", "ending"])).out).toBe("None.\n");
    expect((await runCommand(world, ["status", "--state", "sad"])).code).toBe(2);
    expect((await runCommand(world, ["status", "@acme.shop", "--state", "due"])).code).toBe(2);
  });

  it("tells all of one connection, with its deadlines and its last history", async () => {
    await using world = await openTestWorld();
    const { connectionId, userId } = await connect(world, "acme.shop");
    world.sim.clock.advance({ days: 31 });
    await runCommand(world, ["refresh", connectionId]);
    const { code, out } = await runCommand(world, ["status", "@ACME.shop"]);
    expect(code).toBe(0);
    expect(out).toMatch(/token expiry +20\d\d-\d\d-\d\d \d\d:\d\d UTC \(in (?:59|60) days\)/);
    expect(out).toMatch(/data access ends +none/);
    expect(out).toMatch(/sign in +person +succeeded/);
    expect(out).toMatch(/refresh +cli +succeeded/);
    const { json } = await runJson(world, ["status", connectionId]);
    expect(json).toMatchObject({
      id: connectionId,
      userId,
      history: [{ kind: "refresh" }, { kind: "sign_in" }],
    });
    world.sim.users.removeApp("acme.shop");
    world.sim.clock.advance({ days: 40 });
    await runCommand(world, ["sweep"]);
    expect((await runCommand(world, ["status", connectionId])).code).toBe(3);
  });

  it("asks for an id where a name does not say which, and where nobody has it", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    world.sim.users.rename("lena.paints", "acme.shop");
    const { connectionId } = await connect(world, "lena.paints");
    const both = await runCommand(world, ["status", "@acme.shop"]);
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining(connectionId) });
    expect(both.err).toContain("More than one connection goes by @acme.shop");
    expect((await runCommand(world, ["refresh", "@nobody"])).code).toBe(2);
  });
});

describe("perennial refresh", () => {
  it("refreshes one connection when it is due, and only then unless forced", async () => {
    await using world = await openTestWorld();
    const { connectionId } = await connect(world, "acme.shop");
    expect(await runJson(world, ["refresh", connectionId])).toMatchObject({
      code: 0,
      json: { kind: "too_young" },
    });
    world.sim.clock.advance({ days: 1, minutes: 1 });
    expect(await runCommand(world, ["refresh", connectionId])).toMatchObject({
      code: 0,
      out: expect.stringContaining("Not due"),
    });
    const forced = await runJson(world, ["refresh", connectionId, "--force"]);
    expect(forced).toMatchObject({ code: 0, json: { kind: "refreshed" } });
  });

  it("ends with 3 when the person is needed, with 4 when Instagram fails", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    world.sim.clock.advance({ days: 40 });
    world.sim.users.removeApp("acme.shop");
    expect(await runCommand(world, ["refresh", "@acme.shop"])).toMatchObject({
      code: 3,
      out: expect.stringContaining("sign in again"),
    });
    world.sim.faults.add({ at: "refresh", do: "graph_error", with: { code: 2 } });
    expect(await runJson(world, ["refresh", "@lena.paints"])).toMatchObject({
      code: 4,
      json: { kind: "failed" },
    });
  });
});

describe("perennial sweep", () => {
  it("sweeps what is due, and says by its exit code that a person is needed", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    expect(await runCommand(world, ["sweep"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^0 due/),
    });
    world.sim.users.removeApp("lena.paints");
    world.sim.clock.advance({ days: 40 });
    expect(await runJson(world, ["sweep"])).toMatchObject({
      code: 3,
      json: { claimed: 2, refreshed: 1, reconnect_required: 1, isInterrupted: false },
    });
  });

  it("ends with 4 when something failed that is tried again", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    world.sim.clock.advance({ days: 40 });
    world.sim.faults.add({ at: "refresh", do: "graph_error", with: { code: 2 } });
    expect(await runCommand(world, ["sweep"])).toMatchObject({
      code: 4,
      out: expect.stringContaining("1 failed"),
    });
  });
});

describe("perennial import and validate", () => {
  it("SC-07 keep a token from standard input, prove that it works, and never print it", async () => {
    await using world = await openTestWorld();
    const { value } = world.sim.issueLongLivedToken("acme.shop");
    world.sim.clock.advance({ days: 3 });
    const kept = await runJson<Imported>(world, ["import"], `IG_TOKEN="${value}"\n`);
    const connection = { username: "acme.shop", isNew: true, expiryBasis: "told" };
    expect(kept).toMatchObject({ code: 0, json: { kind: "imported", connections: [connection] } });
    const proved = await runCommand(world, ["validate", kept.json.connections[0].connectionId]);
    expect(proved).toMatchObject({ code: 0, out: expect.stringContaining("The token works for @acme.shop") });
    world.sim.users.removeApp("acme.shop");
    const refused = await runCommand(world, ["validate", "@acme.shop"]);
    expect(refused).toMatchObject({ code: 3, out: expect.stringContaining("The token does not work") });
    const none = await runCommand(world, ["import"], "hello");
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("no access token") });
    const several = world.sim.issueFacebookToken("maya.brandt").value;
    const asked = await runCommand(world, ["import"], several);
    expect(asked).toMatchObject({ code: 2, out: expect.stringContaining("@lena.paints") });
    const chosen = await runCommand(world, ["import", "--account", "17841401234567892"], several);
    expect(chosen).toMatchObject({ code: 0, out: expect.stringMatching(/@lena\.paints +new/) });
    const printed = JSON.stringify([kept, proved, refused, none, asked, chosen]);
    expect(printed).not.toMatch(/SIMTOK/);
  });

  it("give it to a user and for a connection that are named by an account", async () => {
    await using world = await openTestWorld();
    const { userId } = await connect(world, "acme.shop");
    const { value } = world.sim.issueLongLivedToken("lena.paints");
    const given = await runJson<Imported & { userId: string }>(
      world,
      ["import", "--user", "@acme.shop"],
      value,
    );
    expect(given).toMatchObject({ code: 0, json: { userId } });
    const other = world.sim.issueLongLivedToken("north.roasters").value;
    const wrong = await runCommand(world, ["import", "--connection", "@lena.paints"], other);
    expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining("not to @lena.paints") });
  });
});

describe("perennial users", () => {
  it("lists who has connected what, and shows one of them", async () => {
    await using world = await openTestWorld();
    expect((await runCommand(world, ["users"])).out).toContain("No users yet");
    const { userId } = await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    const { out } = await runCommand(world, ["users"]);
    expect(out).toMatch(/usr_\S+ +20\S+ \S+ UTC +@acme\.shop\n/);
    const { json } = await runJson(world, ["users", "list"]);
    expect(json).toMatchObject([{ id: userId, accounts: [{ username: "acme.shop" }] }, {}]);
    expect(await runJson(world, ["users", "show", "@acme.shop"])).toMatchObject({
      code: 0,
      json: { id: userId, connections: [{ username: "acme.shop" }] },
    });
    expect((await runCommand(world, ["users", "show", userId])).out).toMatch(
      /@acme\.shop +instagram +healthy/,
    );
    expect((await runCommand(world, ["users", "show", "usr_nobody"])).code).toBe(2);
  });
});

describe("what a person sees", () => {
  it("has colours where the terminal has them, and nowhere else", async () => {
    const printed = async (hasColors?: () => boolean): Promise<string> => {
      let text = "";
      const stream = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          text += chunk.toString();
          done();
        },
      });
      const err = Object.assign(stream, { isTTY: true }, hasColors === undefined ? {} : { hasColors });
      await buildProgram({ out: err, err, environment: { REFRESH_CRON: "nonsense" } }).run(["status"]);
      return text;
    };
    expect(await printed(() => true)).toContain("\u001B[31m✗ Operator:\u001B[39m Perennial cannot start");
    // As a terminal answers where NO_COLOR is set.
    expect(await printed(() => false)).toMatch(/^✗ Operator: Perennial cannot start/);
    expect(await printed()).toMatch(/^✗ Operator: Perennial cannot start/);
  });
});
