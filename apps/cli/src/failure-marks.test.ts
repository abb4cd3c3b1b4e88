import { connect, openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { markOf } from "./failure.ts";
import { NEEDS } from "./need.ts";
import { runCommand } from "./testing/run-command.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  for (const user of ["acme.shop", "lena.paints", "north.roasters"]) await connect(world, user);
  world.sim.users.removeApp("lena.paints");
  world.sim.clock.advance({ days: 40 });
  world.sim.faults.add({ at: "refresh", match: { user: "acme.shop" }, do: "graph_error", with: { code: 2 } });
  world.sim.faults.add({
    at: "refresh",
    match: { user: "north.roasters" },
    do: "graph_error",
    with: { code: 101 },
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const CLASSES = [
  ["retry", "acme.shop", "↻", "retries", 33],
  ["reconnect", "lena.paints", "⚑", "the person", 35],
  ["operator", "north.roasters", "✗", "the operator", 31],
] as const;
const HEADINGS = { retry: "Try again later", reconnect: "Sign-in needed", operator: "Operator" } as const;
const EXITS = { retry: 4, reconnect: 3, operator: 5 } as const;

const print = async (...args: string[]) => await runCommand(world, args);
const printColoured = async (...args: string[]) => {
  const { out, err } = await runCommand(world, args, "", { hasColours: true });
  return out + err;
};
const painted = (colour: number, text: string): string => `\u001B[${colour}m${text}\u001B[39m`;

describe("failures of different classes", () => {
  it("have a sign, a word and a colour each, and no two share any", () => {
    const marks = [...[2, 3, 4, 5].map(markOf), markOf(1)];
    for (const part of ["symbol", "word"] as const)
      expect(new Set(marks.map((mark) => mark[part])).size).toBe(marks.length);
    expect(new Set([2, 3, 4, 5].map((exitCode) => markOf(exitCode).colour)).size).toBe(4);
    const needs = Object.values(NEEDS);
    for (const part of ["symbol", "word", "colour"] as const)
      expect(new Set(needs.map((need) => need[part])).size).toBe(needs.length);
  });

  it.each(CLASSES)("of %s: refresh says so of %s", async (name, user, symbol, _word, colour) => {
    const { code, out } = await print("refresh", `@${user}`, "--force");
    expect(code).toBe(EXITS[name]);
    expect(out).toMatch(new RegExp(`^${symbol} ${HEADINGS[name]}: `));
    const coloured = await printColoured("refresh", `@${user}`, "--force");
    expect(coloured).toContain(painted(colour, `${symbol} ${HEADINGS[name]}:`));
  });

  it.each(CLASSES)("of %s: status says so of %s", async (_name, user, symbol, word, colour) => {
    const plain = (await print("status")).out.split("\n").find((line) => line.includes(`@${user}`));
    expect(plain).toMatch(new RegExp(` ${symbol} ${word} `));
    expect(await printColoured("status")).toContain(painted(colour, `${symbol} ${word}`));
    const { out } = await print("status", `@${user}`);
    expect(out).toMatch(new RegExp(`^needs +${symbol} ${word}$`, "m"));
    expect(out).toMatch(new RegExp(`^problem +${symbol} `, "m"));
    expect(out).toMatch(new RegExp(`refresh +cli +${symbol} failed: `));
    expect(await printColoured("status", `@${user}`)).toContain(painted(colour, `${symbol} ${word}`));
  });

  it("keep the columns in line, with colours and without", async () => {
    // What a terminal shows is what is left without the colours.
    const shown = (await printColoured("status")).replace(/\u001B\[\d+m/g, "");
    expect(shown).toBe((await print("status")).out);
    const starts = shown
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.search(/[↻⚑✗]/));
    expect(new Set(starts).size).toBe(1);
  });

  it("are told apart by validate, by users, and by what was typed wrong", async () => {
    const { code, out } = await print("validate", "@lena.paints");
    expect([code, out]).toEqual([3, expect.stringMatching(/^⚑ Sign-in needed: The token does not work/)]);
    expect((await print("users")).out).toContain("⚑ @lena.paints (reconnect required)");
    expect((await print("users", "show", "@north.roasters")).out).toMatch(
      /@north\.roasters +instagram +✗ failing/,
    );
    const unknown = await print("status", "@nobody");
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/^\? Usage: /)]);
    expect((await print("status", "--nonsense")).err).toMatch(/^\? Usage: unknown option '--nonsense'/);
    expect(await printColoured("status", "--nonsense")).toContain(painted(36, "? Usage:"));
  });

  it("are counted apart by a sweep, which ends with the code of the worst", async () => {
    await using other = await openTestWorld();
    for (const user of ["acme.shop", "lena.paints", "north.roasters"]) await connect(other, user);
    other.sim.users.removeApp("lena.paints");
    other.sim.clock.advance({ days: 40 });
    other.sim.faults.add({
      at: "refresh",
      match: { user: "acme.shop" },
      do: "graph_error",
      with: { code: 2 },
    });
    other.sim.faults.add({
      at: "refresh",
      match: { user: "north.roasters" },
      do: "graph_error",
      with: { code: 101 },
    });
    const { code, out } = await runCommand(other, ["sweep"]);
    expect(out).toMatch(
      /^3 due: 0 refreshed, ↻ 1 failed and tried again, ✗ 1 failed and need the operator, ⚑ 1 need a new sign-in\./,
    );
    expect(code).toBe(5);
  });
});
