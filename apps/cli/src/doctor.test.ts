import type { DoctorReport } from "@perennial/runtime";
import { openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runCommand, runJson } from "./testing/run-command.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ appUrl: "http://127.0.0.1:9" }); // where nobody listens
});
afterAll(() => world[Symbol.asyncDispose]());

const withSetting = (change: Record<string, string>) => ({
  environment: { ...world.environment, ...change },
});

describe("perennial doctor", () => {
  it("ends with 4 where something could not be checked, and says what", async () => {
    const { code, out, err } = await runCommand(world, ["doctor"]);
    expect([code, err]).toEqual([4, ""]);
    expect(out).toMatch(/^✓ ok {7}settings {5}Every setting can be used/);
    expect(out).toMatch(/\n\? unknown {2}callbacks {4}http:\/\/127\.0\.0\.1:9 cannot be reached from here/);
    expect(out).toMatch(/\n! look {5}workers {6}No worker runs/);
    expect(out).toMatch(/\n\d+ of \d+ as they should be, 1 to look at, 1 not checked\.\n/);
  });

  it("ends with 5 for a fault, with its cure beneath", async () => {
    const { code, out } = await runCommand(withSetting({ JWT_SECRET: "short" }), ["doctor"]);
    expect(code).toBe(5);
    expect(out).toMatch(
      /✗ FAULT {4}settings +JWT_SECRET is shorter than 32 characters\.\n +Make one with openssl rand -base64 48\.\n/,
    );
    const { json } = await runJson<DoctorReport>(withSetting({ JWT_SECRET: "short" }), ["doctor"]);
    expect(json.checks[0]).toMatchObject({ id: "settings.JWT_SECRET", level: "red" });
  });

  it("lists the steps in Meta's dashboards to tick off, with the texts to copy, in JSON too", async () => {
    const { out } = await runCommand(world, ["doctor"]);
    const { code, json } = await runJson<DoctorReport>(world, ["doctor"]);
    expect([code, json.isSimulated]).toEqual([4, true]);
    expect(new Date(json.checkedAt).getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(out.match(/ \[ \] (?:instagram|facebook) {2}/g)).toHaveLength(json.steps.length);
    for (const { copy, task } of json.steps) {
      expect(out).toContain(task);
      if (copy !== null) expect(out).toContain(`\n        ${copy}\n`);
    }
    expect(out + JSON.stringify(json)).not.toMatch(/SIMSEC|SIMTOK/);
  });
});
