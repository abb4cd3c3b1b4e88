import { describe, expect, it } from "vitest";

import type { SignInAnswer } from "../../lib/trpc.ts";
import { createSignInRuns, type ProgressEvent, type SignInApi, type SignInRun } from "./sign-in-run.ts";
import { ALL_STEPS_DONE } from "./steps.ts";

const ATTEMPT = "AbCdEfGh01234_-x";
const arrived = { flavour: "instagram" as const, query: "code=c&state=s", attemptId: ATTEMPT };
const place = { flavour: "instagram" as const, attemptId: ATTEMPT };

/** An api that answers what it is told to, and remembers what it was asked. */
function fakeApi(answers: { complete?: unknown; resume?: unknown }) {
  const asked: string[] = [];
  let tell: ((event: ProgressEvent) => void) | null = null;
  let watchers = 0;
  const answer = async (value: unknown): Promise<SignInAnswer> => {
    await Promise.resolve();
    if (value instanceof Error) throw value;
    if (value === "choice") return { kind: "choice", attemptId: "a".repeat(16) };
    return { kind: "signed_in", connectionId: "con_1", returnTo: String(value) };
  };
  const api: SignInApi = {
    complete: async ({ query }) => {
      asked.push(`complete ${query}`);
      return await answer(answers.complete);
    },
    resume: async ({ attemptId }) => {
      asked.push(`resume ${attemptId}`);
      return await answer(answers.resume);
    },
    watch: (_attemptId, onStep) => {
      tell = onStep;
      watchers += 1;
      return () => {
        watchers -= 1;
      };
    },
  };
  return { api, asked, tell: (event: ProgressEvent) => tell?.(event), watchers: () => watchers };
}

function refusal(reason: string, step: string | null = null): Error {
  const data = { reason, cure: "Do this.", retryable: false, step, traceId: "AbC", requestId: "r1" };
  return Object.assign(new Error("Instagram says no."), { data });
}

async function settled(run: SignInRun | null): Promise<SignInRun> {
  if (run === null) throw new Error("no run");
  while (run.state().outcome.kind === "running") await Promise.resolve();
  await Promise.resolve();
  return run;
}

function start(
  fake: ReturnType<typeof fakeApi>,
  options: { arrived?: typeof arrived | null; isOnline?: boolean } = {},
) {
  let signedIn = 0;
  const runs = createSignInRuns({
    api: fake.api,
    arrived: options.arrived === undefined ? arrived : options.arrived,
    isOnline: () => options.isOnline ?? true,
    onSignedIn: () => {
      signedIn += 1;
    },
  });
  return { runs, signedIn: () => signedIn };
}

describe("createSignInRuns", () => {
  it("OA-03 spends the code once, however often the page is rendered", async () => {
    const fake = fakeApi({ complete: "/connections" });
    const { runs, signedIn } = start(fake);
    const first = runs.runFor(place);
    expect(runs.runFor(place)).toBe(first);
    const run = await settled(first);
    expect(runs.runFor(place)).toBe(first);
    expect(fake.asked).toEqual([`complete ${arrived.query}`]);
    expect(run.state().outcome).toEqual({ kind: "done", returnTo: "/connections" });
    expect(Object.values(run.state().steps)).toEqual(["done", "done", "done", "done"]);
    expect(signedIn()).toBe(1);
    expect(fake.watchers()).toBe(0);
  });

  it("only asks how it went after a reload", async () => {
    const fake = fakeApi({ resume: "/connections" });
    const run = await settled(start(fake, { arrived: null }).runs.runFor(place));
    expect(fake.asked).toEqual([`resume ${ATTEMPT}`]);
    expect(run.state().outcome.kind).toBe("done");
  });

  it("has nothing to finish where nothing arrived", () => {
    const fake = fakeApi({});
    const { runs } = start(fake, { arrived: null });
    expect(runs.runFor({ flavour: "instagram", attemptId: null })).toBeNull();
    expect(fake.asked).toEqual([]);
  });

  it("does not spend a code on the page of another flavour", async () => {
    const fake = fakeApi({ resume: refusal("sign_in_wrong_browser") });
    await settled(start(fake).runs.runFor({ flavour: "facebook", attemptId: ATTEMPT }));
    expect(fake.asked).toEqual([`resume ${ATTEMPT}`]);
  });

  it("ticks the steps as they are told", async () => {
    const fake = fakeApi({ complete: "/connections" });
    const run = start(fake).runs.runFor(place);
    let changes = 0;
    run?.subscribe(() => {
      changes += 1;
    });
    fake.tell({ step: "code_accepted", status: "started" });
    expect(run?.state().steps.code_accepted).toBe("running");
    fake.tell({ step: "code_accepted", status: "done" });
    fake.tell({ step: "long_lived_token", status: "started" });
    fake.tell({ step: "ended" });
    expect(run?.state().steps).toMatchObject({ code_accepted: "done", long_lived_token: "running" });
    expect(changes).toBe(3);
    await settled(run);
  });

  it("says which step failed, why, and what to do", async () => {
    const fake = fakeApi({ complete: refusal("account_not_eligible", "profile") });
    const { runs, signedIn } = start(fake);
    const run = await settled(runs.runFor(place));
    expect(run.state().outcome).toMatchObject({
      kind: "failed",
      failedStep: "profile",
      canLookAgain: false,
      problem: { message: "Instagram says no.", cure: "Do this.", traceId: "AbC", requestId: "r1" },
    });
    expect(Object.values(run.state().steps)).toEqual(["done", "done", "failed", "waiting"]);
    expect(fake.asked).toHaveLength(1);
    expect(signedIn()).toBe(0);
  });

  it("goes on to the choice where a login reaches several accounts, and has opened no session yet", async () => {
    const fake = fakeApi({ complete: "choice" });
    const { runs, signedIn } = start(fake);
    const run = await settled(runs.runFor(place));
    expect(run.state().outcome).toEqual({ kind: "choice", attemptId: "a".repeat(16) });
    expect(run.state().steps).toEqual({ ...ALL_STEPS_DONE, stored: "waiting" });
    expect(signedIn()).toBe(0);
    expect(fake.watchers()).toBe(0);
    run.lookAgain(); // there is nothing to look for
    expect(fake.asked).toEqual([`complete ${arrived.query}`]);
  });

  it("finds the choice again after a reload or a lost answer, and spends no code for it", async () => {
    const reloaded = fakeApi({ resume: "choice" });
    const again = await settled(start(reloaded, { arrived: null }).runs.runFor(place));
    expect(again.state().outcome.kind).toBe("choice");
    expect(reloaded.asked).toEqual([`resume ${ATTEMPT}`]);
    const cut = fakeApi({ complete: new Error("Failed to fetch"), resume: "choice" });
    const run = await settled(start(cut).runs.runFor(place));
    expect(run.state().outcome.kind).toBe("choice");
    expect(cut.asked).toEqual([`complete ${arrived.query}`, `resume ${ATTEMPT}`]);
  });

  it("OA-12 keeps a refusal by the person apart from failures", async () => {
    const fake = fakeApi({ complete: refusal("user_denied") });
    const run = await settled(start(fake).runs.runFor(place));
    expect(run.state().outcome).toEqual({ kind: "denied" });
  });

  it("OA-11 never sends a code twice: a lost answer is asked for by the attempt", async () => {
    const fake = fakeApi({ complete: new Error("Failed to fetch"), resume: "/connections" });
    const run = await settled(start(fake).runs.runFor(place));
    expect(fake.asked).toEqual([`complete ${arrived.query}`, `resume ${ATTEMPT}`]);
    expect(run.state().outcome).toEqual({ kind: "done", returnTo: "/connections" });
  });

  it("OA-11 offers to look again while the network is away, and then sends no code either", async () => {
    const fake = fakeApi({ complete: new Error("Failed to fetch"), resume: new Error("Failed to fetch") });
    const run = await settled(start(fake, { isOnline: false }).runs.runFor(place));
    expect(run.state().outcome).toMatchObject({
      kind: "failed",
      canLookAgain: true,
      problem: { reason: "offline" },
    });
    run.lookAgain();
    expect(run.state().outcome.kind).toBe("running");
    await settled(run);
    expect(fake.asked).toEqual([`complete ${arrived.query}`, `resume ${ATTEMPT}`, `resume ${ATTEMPT}`]);
  });

  it("does not show what a stranger's answer says", async () => {
    const fake = fakeApi({ complete: new Error("<html>Bad gateway</html>"), resume: new Error("<html>") });
    const run = await settled(start(fake).runs.runFor(place));
    expect(JSON.stringify(run.state())).not.toContain("html");
  });
});
