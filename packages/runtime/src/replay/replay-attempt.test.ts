import { ConnectionError, attemptBundle, type AttemptBundle } from "@perennial/connections";
import { startSimulator, type FaultRule } from "@perennial/simulator";
import { describe, expect, it } from "vitest";

import { connect, openTestWorld, type TestWorld } from "../testing/index.ts";
import { parseBundle } from "./parse-bundle.ts";
import { replayAttempt } from "./replay-attempt.ts";
import type { Ending } from "./replay.ts";

async function replay(bundle: AttemptBundle): Promise<Ending> {
  const sim = await startSimulator({ redirectUris: ["http://localhost:5173/auth/instagram/callback"] });
  try {
    // As it travels: what is not in the text cannot help.
    const { code, upstreamReason, step } = await replayAttempt(parseBundle(JSON.stringify(bundle)), {
      origin: sim.origin,
      facebookOrigin: sim.facebookOrigin,
      instagramApp: sim.instagramApp,
      facebookApp: sim.facebookApp,
      clock: sim.clock,
      addFault: (fault) => void sim.faults.add(fault as FaultRule),
      authorize: (input) => sim.authorize(input),
    });
    return { code, upstreamReason, step };
  } finally {
    await sim.close();
  }
}

async function failedSignIn(world: TestWorld, fault: FaultRule): Promise<AttemptBundle> {
  world.sim.faults.add(fault);
  const error: unknown = await connect(world, "acme.shop").then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectionError)) throw new Error("The sign-in did not fail.", { cause: error });
  const { code, reason: upstreamReason, step, steps } = error;
  const attempt = { kind: "sign_in", flavour: "instagram", missingScopes: null } as const;
  return attemptBundle({ ...attempt, code, upstreamReason, step, steps });
}

const SIGN_INS: FaultRule[] = [
  ...["code_used", "code_expired", "redirect_uri_mismatch", "invalid_client_secret"].map(
    (reason): FaultRule => ({ at: "code", do: "graph_error", with: { reason } }),
  ),
  { at: "code", do: "status", with: { status: 503 } },
  { at: "code", do: "junk", with: { kind: "empty_object" } },
  { at: "code", do: "reset", with: { point: "after" } },
  { at: "code", do: "redirect" },
  { at: "exchange", do: "graph_error", with: { reason: "unsupported_request" } },
  { at: "exchange", do: "graph_error", with: { code: 190, sub: 459 } },
  { at: "exchange", do: "html" },
  { at: "exchange", do: "throttle", with: { code: 4 } },
  { at: "me", do: "graph_error", with: { code: 190, sub: 460 } },
  { at: "me", do: "graph_error", with: { code: 10 } },
  { at: "me", do: "graph_error", with: { code: 100, reason: "unsupported_request" } },
  { at: "me", do: "status", with: { status: 429 } },
];

describe("a bundle", () => {
  it.each(SIGN_INS)(
    "of a sign-in that failed at $at with $do $with replays to the same diagnosis",
    async (fault) => {
      await using world = await openTestWorld();
      const bundle = await failedSignIn(world, fault);
      const { code, upstreamReason, step } = bundle;
      expect(code).not.toBeNull();
      expect(await replay(bundle)).toEqual({ code, upstreamReason, step });
    },
  );

  it.each([{ code: 190, sub: 458 }, { code: 190, sub: 463 }, { code: 80002 }, { code: 2, status: 500 }])(
    "of a refresh that failed with $code ($sub) does so, too",
    async (failure) => {
      await using world = await openTestWorld();
      const { userId, connectionId } = await connect(world, "acme.shop");
      world.sim.clock.advance({ days: 35 });
      await world.runtime.simulatorClock?.advance(35 * 86_400_000);
      world.sim.faults.add({ at: "refresh", do: "graph_error", with: failure });
      const { connections } = world.runtime;
      await connections.refresh({ connectionId, userId, trigger: "person", force: true });
      const [entry] = await connections.history({ userId, connectionId, limit: 1, before: null });
      if (entry === undefined) throw new Error("The refresh left nothing in the history.");
      const { kind, problem, upstreamReason, steps } = entry;
      const code = problem?.code ?? null;
      expect(code).not.toBeNull();
      const attempt = { kind, flavour: "instagram", step: null, missingScopes: null } as const;
      const bundle = attemptBundle({ ...attempt, code, upstreamReason, steps });
      expect(await replay(bundle)).toEqual({ code, upstreamReason, step: null });
    },
  );

  it("holds nobody's name, id or token", async () => {
    await using world = await openTestWorld();
    const bundle = await failedSignIn(world, {
      at: "me",
      do: "graph_error",
      with: { code: 190, sub: 460 },
    });
    const text = JSON.stringify(bundle);
    // Whole ones: a port, an instant or a trace id may spell the beginning of anything.
    const { username, name, professionalId, appScopedId } = world.sim.users.get("acme.shop");
    for (const theirs of [username, name, professionalId, appScopedId, world.sim.instagramApp.clientId])
      expect(text).not.toContain(theirs);
    expect(text).not.toMatch(/SIMTOK_|SIMCODE_|access_token|(?:usr|con|att)_[\w-]{22}/);
    // And there is no place for more.
    expect(Object.keys(bundle).toSorted()).toEqual([
      "code",
      "flavour",
      "format",
      "kind",
      "missingScopes",
      "step",
      "steps",
      "upstreamReason",
    ]);
    expect(bundle.steps.length).toBeGreaterThan(2);
    for (const step of bundle.steps) {
      const { host, startedAt, traceId, durationMs: _, operation: __, ...codes } = step;
      expect(host).toBe(new URL(world.sim.origin).host);
      expect(startedAt).toBe(new Date(startedAt).toISOString());
      expect(traceId ?? "A").toMatch(/^A\w{0,22}$/);
      expect(Object.keys(codes).toSorted()).toEqual([
        "errorCode",
        "httpStatus",
        "metaCode",
        "metaSubcode",
        "reason",
      ]);
    }
  });

  it("that is none is refused in a sentence", () => {
    for (const text of ["", "{", "[]", "{}", '{"format":"perennial.attempt/2"}', "null"])
      expect(() => parseBundle(text)).toThrow(TypeError);
  });
});
