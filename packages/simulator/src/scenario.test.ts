import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readScenario } from "./scenario.ts";
import { startTestApp } from "./testing/test-app.ts";

async function readText(text: string) {
  const folder = await mkdtemp(join(tmpdir(), "scenario-"));
  try {
    const path = join(folder, "scenario.json");
    await writeFile(path, text);
    return await readScenario(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("starts with the policy, clock, people, rules and gates it was given", async () => {
  await using app = await startTestApp({
    scenario: {
      policy: { lifetime_s: 600 },
      clock: { offset_ms: 86_400_000 },
      users: [{ key: "u7" }],
      facebookPeople: [{ key: "f7" }],
      faults: [{ at: "me", do: "status", with: { status: 503 }, times: 1 }],
      gates: [{ id: "g1", at: "quota", point: "before_process" }],
    },
  });
  const { value, issuedAt, expiresAt } = app.sim.issueLongLivedToken("u7");
  expect([issuedAt.toISOString(), expiresAt.toISOString()]).toEqual([
    "2026-03-02T12:00:00.000Z",
    "2026-03-02T12:10:00.000Z",
  ]);
  expect([(await app.me(value)).status, (await app.me(value)).status]).toEqual([503, 200]);
  expect(app.sim.gates.list()).toHaveLength(1);
  expect(app.sim.users.list()).toHaveLength(9);
  expect(app.sim.facebook.list().at(-1)?.key).toBe("f7");
});

it("does not start with a rule that makes no sense", async () => {
  const scenario = { faults: [{ at: "me", do: "hang", p: 2 } as const] };
  await expect(startTestApp({ scenario })).rejects.toMatchObject({ code: "invalid_input" });
});

it("reads a file with a whole scenario or with a list of rules", async () => {
  expect(await readText('{"policy":{"min_age_s":1}}')).toEqual({ policy: { min_age_s: 1 } });
  expect(await readText('[{"at":"me","do":"hang"}]')).toEqual({ faults: [{ at: "me", do: "hang" }] });
});

it("reads people as the control path does, dates and all", async () => {
  const scenario = await readText(
    '{"users":[{"key":"u7","media":[{"id":"18100000000000001","mediaType":"IMAGE","postedAt":"2026-01-01T00:00:00Z"}]}]}',
  );
  await using app = await startTestApp({ scenario });
  const { value } = app.sim.issueLongLivedToken("u7");
  const { text } = await app.get("/me/media", { fields: "timestamp", access_token: value });
  expect(text).toContain('"timestamp":"2026-01-01T00:00:00+0000"');
});

it("reads Facebook people, an instant of theirs too", async () => {
  const { facebookPeople } = await readText(
    '{"facebookPeople":[{"key":"f7","passwordChangedAt":"2026-01-01T00:00:00Z","pages":[{"name":"Mine"}]}]}',
  );
  expect(facebookPeople).toEqual([
    { key: "f7", passwordChangedAt: new Date("2026-01-01T00:00:00Z"), pages: [{ name: "Mine" }] },
  ]);
});

it("names a file it cannot use", async () => {
  for (const text of [
    "{",
    "7",
    "null",
    '{"rules":[]}',
    '{"users":{}}',
    '{"users":[{"nmae":"x"}]}',
    '{"users":[7]}',
    '{"facebookPeople":{}}',
    '{"facebookPeople":[{"pages":[7]}]}',
  ]) {
    await expect(readText(text)).rejects.toMatchObject({ code: "invalid_input" });
  }
  await expect(readScenario("/nowhere/scenario.json")).rejects.toThrow("/nowhere/scenario.json");
});
