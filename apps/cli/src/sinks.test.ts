import { connect, openTestWorld, startReceiver, type TestWorld } from "@perennial/runtime/testing";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { runCommand } from "./testing/run-command.ts";

/** Runs a command in this process, and gives what it printed. */
async function run(world: TestWorld, args: string[], input = ""): Promise<{ code: number; text: string }> {
  const { code, out, err } = await runCommand(world, args, input);
  return { code, text: `${out}${err}`.trimEnd() };
}

describe("perennial sinks", () => {
  it("delivers with no server running, after each command that swaps, and takes secrets from nobody's arguments", async () => {
    await using world = await openTestWorld();
    await using upstash = await startReceiver();
    const { connectionId } = await connect(world, "acme.shop");
    const file = path.join(world.folder, "site.env");
    writeFileSync(file, "# the site's\nOTHER=1\n");
    const added = await run(world, [
      "sinks",
      "add",
      connectionId,
      "env-file",
      "--path",
      file,
      "--key",
      "IG",
      "--json",
    ]);
    expect([added.code, JSON.parse(added.text)]).toMatchObject([
      0,
      { sink: { state: "delivered", name: "site.env" } },
    ]);
    const first = readFileSync(file, "utf8");
    expect(first).toMatch(/^# the site's\nOTHER=1\nIG=\S+\n$/);

    const rest = ["sinks", "add", connectionId, "upstash", "--url", upstash.url, "--key", "ig"];
    expect(await run(world, rest, "rest-token\n")).toMatchObject({ code: 0 });
    expect(upstash.received[0]?.headers["authorization"]).toBe("Bearer rest-token");

    world.sim.clock.advance({ days: 40 });
    expect((await run(world, ["sweep"])).code).toBe(0);
    expect(readFileSync(file, "utf8")).not.toBe(first);
    expect(upstash.received).toHaveLength(2);

    upstash.answerWith({ status: 503 });
    const id = (JSON.parse(added.text) as { sink: { id: string } }).sink.id;
    const list = await run(world, ["sinks", "list"]);
    expect(list).toEqual({ code: 0, text: expect.stringMatching(/site\.env \(IG\) +delivered/) });
    expect(await run(world, ["sinks", "test", id])).toEqual({
      code: 0,
      text: expect.stringContaining("delivered"),
    });
    expect(await run(world, ["sinks", "receipts", id])).toMatchObject({ code: 0 });
    expect(await run(world, ["sinks", "remove", id])).toEqual({ code: 0, text: "Removed." });
    expect((await run(world, ["sinks", "test", id])).code).toBe(2);
    const wrong = await run(world, ["sinks", "add", connectionId, "webhook", "--url", "ftp://x"]);
    expect(wrong).toEqual({ code: 2, text: expect.stringContaining("url: is not an address") });
    for (const { text } of [added, list, wrong]) expect(text).not.toMatch(/SIMTOK|rest-token/);
  });
});
