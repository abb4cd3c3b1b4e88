import { describe, expect, it } from "vitest";

import { openTestKeeper } from "./testing/keeper.ts";
import { authorized, codeOf, complete } from "./testing/sign-in.ts";

describe("a sign-in that is looked at again", () => {
  it("tells the steps as they happen, to the browser that began and to no other", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    const signal = AbortSignal.timeout(5_000);
    const steps: string[] = [];
    const watched = (async () => {
      const input = {
        attemptId: begun.attemptId,
        browserSecret: begun.browserSecretOf(begun.attemptId),
        signal,
      };
      for await (const step of keeper.connections.watchSignIn(input))
        steps.push("status" in step ? `${step.step} ${step.status}` : step.step);
    })();
    await complete(keeper, begun, address);
    await watched;
    expect(steps.filter((step) => step.endsWith("done")).sort()).toEqual([
      "code_accepted done",
      "long_lived_token done",
      "profile done",
      "stored done",
    ]);
    const other = keeper.connections.watchSignIn({
      attemptId: begun.attemptId,
      browserSecret: "another",
      signal,
    });
    expect(
      await codeOf(
        (async () => {
          for await (const _ of other) break;
        })(),
      ),
    ).toBe("sign_in_unknown");
  });

  it("resumes after a reload without the code, in the same browser only", async () => {
    await using keeper = await openTestKeeper();
    const { begun, address } = await authorized(keeper);
    const browserSecret = begun.browserSecretOf(begun.attemptId);
    expect(await codeOf(keeper.connections.resumeSignIn({ attemptId: begun.attemptId, browserSecret }))).toBe(
      "sign_in_interrupted",
    );
    const gate = keeper.sim.gates.add({ at: "code", point: "before_process" });
    const completing = complete(keeper, begun, address);
    const waiting = await keeper.sim.gates.waitFor(gate);
    const resuming = keeper.connections.resumeSignIn({ attemptId: begun.attemptId, browserSecret });
    keeper.sim.gates.release(waiting.id);
    const [first, resumed] = await Promise.all([completing, resuming]);
    expect(resumed).toEqual(first);
    await keeper.connections.endSession(first.session?.id ?? "");
    const later = await keeper.connections.resumeSignIn({ attemptId: begun.attemptId, browserSecret });
    expect(later).toEqual({ ...first, session: null });
    expect(
      await codeOf(keeper.connections.resumeSignIn({ attemptId: begun.attemptId, browserSecret: "x" })),
    ).toBe("sign_in_expired");
  });
});
