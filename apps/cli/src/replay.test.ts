import { writeFileSync } from "node:fs";
import path from "node:path";

import type { Diagnosis } from "@perennial/connections";
import type { ReplayReport } from "@perennial/runtime";
import { connect, openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runCommand, runJson } from "./testing/run-command.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Exports an attempt as the web app does; gives the file and what the web app shows beside. */
async function exported(name: string, attempt: unknown): Promise<string> {
  const file = path.join(world.folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(attempt, null, 2));
  return file;
}

/** A refresh that failed, as it is shown and as it is handed out. */
async function failedRefresh(user: string): Promise<{ file: string; shown: Diagnosis | null }> {
  const { userId, connectionId } = await connect(world, user);
  await world.runtime.simulatorClock?.advance(35 * 86_400_000);
  world.sim.users.removeApp(user);
  const { connections } = world.runtime;
  await connections.refresh({ connectionId, userId, trigger: "person", force: true });
  const [entry] = await connections.history({ userId, connectionId, limit: 1, before: null });
  if (entry === undefined) throw new Error("The refresh left nothing in the history.");
  const { id: attemptId, startedAt } = entry;
  const bundle = await connections.exportAttempt({ userId, connectionId, attemptId, startedAt });
  return {
    file: await exported("refresh", bundle),
    shown: await connections.diagnoseConnection({ userId, connectionId }),
  };
}

/** A sign-in that failed, the same. */
async function failedSignIn(
  flavour: "instagram" | "facebook",
  user: string,
  fault: Parameters<TestWorld["sim"]["faults"]["add"]>[0],
  untick: readonly string[] = [],
): Promise<{ file: string; shown: Diagnosis | null }> {
  const { connections } = world.runtime;
  const { authorizationUrl, attemptId, browserSecret } = await connections.beginSignIn({
    flavour,
    returnTo: "/connections",
    linkUserId: null,
    forceReauth: false,
    reconnectLink: null,
    reconnectConnectionId: null,
    rerequest: false,
  });
  const address = await world.sim.authorize({ authorizationUrl, user, untick: [...untick] });
  const id = world.sim.faults.add(fault);
  const of = { attemptId, browserSecret };
  await connections
    .completeSignIn({
      flavour,
      query: new URL(address).search,
      browserSecretOf: () => browserSecret,
      sessionId: null,
      userAgent: null,
    })
    .catch(() => undefined); // which is what is looked at
  world.sim.faults.clear(id);
  return {
    file: await exported("sign-in", await connections.exportSignIn(of)),
    shown: await connections.diagnoseSignIn(of),
  };
}

/** One of a refresh that failed, with something in it that is not to be. */
function bundleWith(part: Record<string, unknown>): string {
  const step = {
    operation: "refresh_long_lived_token",
    host: "graph.instagram.com",
    startedAt: "2026-11-28T12:00:00.000Z",
    durationMs: 1,
    httpStatus: 400,
    errorCode: "token_revoked",
    reason: "app_removed",
    metaCode: 190,
    metaSubcode: 458,
    traceId: null,
    ...part,
  };
  const { errorCode: code, reason: upstreamReason } = step;
  const kind = { kind: "refresh", flavour: "instagram", code, upstreamReason, step: null };
  return JSON.stringify({ format: "perennial.attempt/1", ...kind, steps: [step] });
}

describe("perennial simulate --replay", () => {
  it("tells of an exported refresh what the web app told", async () => {
    const { file, shown } = await failedRefresh("acme.shop");
    const { code, json } = await runJson<ReplayReport>(world, ["simulate", "--replay", file]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ kind: "refresh", flavour: "instagram", isSame: true });
    expect(json.recorded).toEqual({ code: "token_revoked", upstreamReason: "app_removed", step: null });
    expect(json.diagnosis).toEqual(JSON.parse(JSON.stringify(shown)));
    const { out } = await runCommand(world, ["simulate", "--replay", file]);
    expect(out).toMatch(/^refresh, Instagram Login, played again\. It ends as it did\.\n/);
    expect(out).toMatch(/code +token_revoked +token_revoked\n/);
    for (const { cause, verdict } of shown?.causes ?? [])
      expect(out.replace(/ +/g, " ")).toContain(`${verdict} ${cause}`);
    expect(out).toContain("⚑ Sign-in needed: ");
  });

  it.each([
    [
      "instagram",
      "lena.paints",
      { at: "code", do: "graph_error", with: { reason: "redirect_uri_mismatch" } },
    ],
    ["instagram", "lena.paints", { at: "me", do: "graph_error", with: { code: 190, sub: 460 } }],
    ["instagram", "lena.paints", { at: "exchange", do: "throttle", with: { code: 4 } }],
    ["facebook", "alex.kim.shop", { at: "pages", do: "graph_error", with: { code: 10 } }],
  ] as const)("of a sign-in with %s by %s that failed at %j, too", async (flavour, user, fault) => {
    const { file, shown } = await failedSignIn(flavour, user, fault);
    expect(shown).not.toBeNull();
    const { code, json } = await runJson<ReplayReport>(world, ["simulate", "--replay", file]);
    expect([code, json.isSame]).toEqual([0, true]);
    expect(json.diagnosis).toEqual(JSON.parse(JSON.stringify(shown)));
  });

  it("takes over what was unticked, which is the cause", async () => {
    const refused = { at: "me", do: "graph_error", with: { code: 200 } } as const;
    const untick = ["instagram_business_content_publish"];
    const { file, shown } = await failedSignIn("instagram", "lena.paints", refused, untick);
    expect(shown?.causes[0]).toMatchObject({
      verdict: "shown",
      seen: expect.stringContaining(untick.join()),
    });
    const { json } = await runJson<ReplayReport>(world, ["simulate", "--replay", file]);
    expect(json.diagnosis).toEqual(JSON.parse(JSON.stringify(shown)));
  });

  it("reads standard input, takes what an older version exported, and says where the end differs", async () => {
    const { file } = await failedSignIn("instagram", "lena.paints", {
      at: "code",
      do: "graph_error",
      with: { reason: "redirect_uri_mismatch" },
    });
    const { default: bundle } = (await import(file, { with: { type: "json" } })) as {
      default: Record<string, unknown>;
    };
    const { evidence: _evidence, ...older } = bundle;
    const piped = await runCommand(world, ["simulate", "--replay", "-"], JSON.stringify(older));
    expect([piped.code, piped.out]).toEqual([0, expect.stringContaining("It ends as it did.")]);
    const differing = JSON.stringify({ ...bundle, code: "code_used", upstreamReason: "code_used" });
    const { code, out } = await runCommand(world, ["simulate", "--replay", "-"], differing);
    expect([code, out]).toEqual([1, expect.stringMatching(/code +code_used +redirect_uri_mismatch\n/)]);
    const well = { ...older, code: null, upstreamReason: null, step: null, steps: [] };
    expect((await runCommand(world, ["simulate", "--replay", "-"], JSON.stringify(well))).out).toContain(
      "Nothing fails",
    );
  });

  it.each([
    ["nothing", "", "it is no JSON"],
    ["no JSON", "{", "it is no JSON"],
    ["something else", '{"name":"perennial"}', "not an exported attempt of this version"],
    ["another format", '{"format":"perennial.attempt/2"}', "not an exported attempt of this version"],
    ["a call that nobody makes", bundleWith({ operation: "constructor" }), "of this version"],
    ["a status that nobody answers", bundleWith({ httpStatus: 0 }), "of this version"],
    ["an answer that nobody gives", bundleWith({ metaCode: -1e12 }), "cannot have gone like that"],
    ["far too much", `"${"x".repeat(3_000_000)}"`, "it is far too long"],
  ])("refuses %s with 2, in a sentence", async (_what, input, sentence) => {
    const { code, err, out } = await runCommand(world, ["simulate", "--replay", "-"], input);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^\? Usage: This is not an exported attempt/);
    expect(err).toContain(sentence);
    const { json } = await runJson<{ error: unknown }>(world, ["simulate", "--replay", "-"], input);
    expect(json.error).toMatchObject({ code: "replay_unreadable", exitCode: 2 });
  });

  it("refuses a file that is none, and a scenario beside it", async () => {
    for (const file of [path.join(world.folder, "none.json"), world.folder])
      expect(await runCommand(world, ["simulate", "--replay", file])).toMatchObject({
        code: 2,
        err: expect.stringContaining("There is no such file."),
      });
    const { code, err } = await runCommand(world, ["simulate", "--replay", "-", "--days", "70"]);
    expect([code, err]).toEqual([2, expect.stringContaining("cannot be used with option '--days")]);
  });
});
