import path from "node:path";

import { connect, openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { runCommand, runJson, type Place } from "./testing/run-command.ts";

type Event = {
  kind: string;
  actor: string;
  userId: string | null;
  subjectId: string | null;
  detail: Record<string, unknown>;
};

async function run(place: Place, args: readonly string[], input = ""): Promise<string> {
  const { code, out, err } = await runCommand(place, args, input);
  expect([args.join(" "), code, err]).toEqual([args.join(" "), 0, err]);
  return out;
}

async function list(place: Place, ...args: string[]): Promise<Event[]> {
  return (await runJson<Event[]>(place, ["audit", ...args])).json;
}

/** The same place with another database. */
function at(world: TestWorld, name: string): Place & { address: string } {
  const address = `file:${path.join(world.folder, name)}`;
  return { address, environment: { ...world.environment, DATABASE_URL: address } };
}

/** Everything an operator can do to people at a terminal. */
async function actOnPeople(world: TestWorld): Promise<string> {
  const made = await run(world, ["keys", "create", "--name", "Reader", "--reveal", "--json"]);
  const { key, secret } = JSON.parse(made) as { key: { id: string }; secret: string };
  await run(world, ["keys", "revoke", key.id]);
  const add = ["sinks", "add", "@acme.shop", "env-file", "--path", path.join(world.folder, ".env")];
  const saved = await run(world, [...add, "--key", "INSTAGRAM_TOKEN", "--json"]);
  await run(world, ["sinks", "remove", /snk_[\w-]{22}/.exec(saved)?.[0] ?? ""]);
  await run(world, ["import"], world.sim.issueLongLivedToken("north.roasters").value);
  const { authorizationUrl } = JSON.parse(await run(world, ["auth-url", "--json"])) as {
    authorizationUrl: string;
  };
  const address = await world.sim.authorize({ authorizationUrl, user: "lena.paints" });
  await run(world, ["authenticate"], address);
  expect(await run(world, ["users", "end-sessions", "@acme.shop"])).toMatch(/^Ended 1 session of usr_/);
  return secret;
}

/** Everything an operator can do to the keys and the database. */
async function actOnHouse(world: TestWorld): Promise<{ restored: Place; moved: Place }> {
  await run(world, ["rotate-keys", "--add"]);
  await run(world, ["rotate-keys", "--promote", "k1"]);
  await run(world, ["rotate-keys", "--rewrap"]);
  await run(world, ["rotate-keys", "--drop", "dev"]);
  const file = path.join(world.folder, "backup.db");
  await run(world, ["backup", file]);
  const [restored, moved] = [at(world, "restored.db"), at(world, "moved.db")];
  await run(restored, ["restore", file]);
  await run(restored, ["move", "--from", restored.address, "--to", moved.address]);
  return { restored, moved };
}

describe("perennial audit", () => {
  it("OB-03 misses nothing that an operator does at a terminal, through a restore and a move, and holds no secret", async () => {
    await using world = await openTestWorld();
    const { userId } = await connect(world, "acme.shop");
    const secret = await actOnPeople(world);
    const { restored: source, moved } = await actOnHouse(world);
    const events = await list(moved);
    const byOperator = events.filter(({ actor }) => actor === "operator").map(({ kind }) => kind);
    expect(byOperator.toSorted()).toEqual([
      "connection.authorized",
      "connection.created",
      "connection.created",
      "database.move_begun",
      "database.moved",
      "database.restored",
      "key.created",
      "key.revoked",
      "sealing_key.added",
      "sealing_key.promoted",
      "sealing_key.retired",
      "sealing_key.rewrapped",
      "session.all_ended",
      "sink.removed",
      "sink.saved",
      "token.imported",
    ]);
    expect(events.filter(({ actor }) => actor === userId)).toHaveLength(2); // connected by hand, and signed in
    const ended = events.find(({ kind }) => kind === "session.all_ended");
    expect(ended).toMatchObject({ userId, detail: { isOneKept: false, sessions: 1 } });
    expect(events.find(({ kind }) => kind === "sealing_key.rewrapped")).toMatchObject({
      subjectId: "k1",
      detail: { unreadable: 0 },
    });
    const [backedUp] = await list(world, "--kind", "database");
    expect(backedUp).toMatchObject({
      kind: "database.backed_up",
      actor: "operator",
      detail: { connections: 3 },
    });
    // A database that was moved takes no writes: its backup is as good, and says that it is not written down.
    const ofMoved = await runCommand(source, ["backup", path.join(world.folder, "of-moved.db")]);
    expect(ofMoved).toMatchObject({ code: 0, err: expect.stringContaining("is not in the audit") as string });
    const restored = events.find(({ kind }) => kind === "database.restored");
    expect(restored?.detail["backup"]).toBe(backedUp?.detail["backup"]); // which one it was
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`SIMTOK_|${secret.slice(4)}`));
  });

  it("shows the newest first, of a user, a kind and a time, as a table for people", async () => {
    await using world = await openTestWorld();
    const { userId } = await connect(world, "acme.shop");
    await connect(world, "lena.paints");
    await run(world, ["users", "end-sessions", userId]);
    const kinds = async (...args: string[]) => (await list(world, ...args)).map(({ kind }) => kind);
    expect(await kinds("--user", "@acme.shop", "--limit", "1")).toEqual(["session.all_ended"]);
    expect(await kinds("--user", userId)).toHaveLength(3);
    expect((await kinds("--kind", "session")).toSorted()).toEqual([
      "session.all_ended",
      "session.opened",
      "session.opened",
    ]);
    expect(await kinds("--kind", "connection.created", "--since", "1h")).toHaveLength(2);
    expect(await kinds("--since", "2100-01-01")).toEqual([]);
    const { out } = await runCommand(world, ["audit", "--user", userId]);
    expect(out).toMatch(/^WHEN +EVENT +BY +USER +SUBJECT +NETWORK +REQUEST +DETAILS\n/);
    expect(out).toMatch(/session\.all_ended +operator +usr_\S+ +– +– +– +isOneKept=false sessions=1\n/);
    expect(out).toMatch(/session\.opened +themselves +usr_\S+ +ses_\S+ .*login=instagram/);
    expect((await runCommand(world, ["audit", "--kind", "nothing"])).out).toContain("Nothing of that kind");
    for (const wrong of [
      ["--kind", "Key!"],
      ["--since", "yesterday"],
      ["--limit", "0"],
    ])
      expect([wrong, (await runCommand(world, ["audit", ...wrong])).code]).toEqual([wrong, 2]);
    expect((await runCommand(world, ["users", "end-sessions", "usr_nobody"])).code).toBe(2);
  });
});
