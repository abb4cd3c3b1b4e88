import { describe, expect, it } from "vitest";

import type { SignInClaimInput } from "../store/sign-in-attempts.ts";
import { setUpBench, type OpenStoreUnderTest } from "./bench.ts";
import { beginSignIn, callbackOf, completion, minutes, newAttempt, NOW } from "./fixtures.ts";

/** How attempts are begun, taken, refused and failed. */
export function describeSignInAttempts(open: OpenStoreUnderTest): void {
  describe("sign-in attempts", () => {
    it("gives an attempt to the first callback and tells it what it stands for", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(
        newAttempt("a", { linkUserId: "usr-1", expectedAccountId: "1784", returnTo: "/add" }),
      );
      expect(await bench.second.claimSignInAttempt(callbackOf("a"))).toEqual({
        kind: "claimed",
        attempt: {
          id: "a",
          flavour: "instagram",
          redirectUri: "https://perennial.test/auth/instagram/callback",
          returnTo: "/add",
          linkUserId: "usr-1",
          expectedAccountId: "1784",
          requestedScopes: ["instagram_business_basic"],
          status: "exchanging",
          createdAt: NOW,
          expiresAt: minutes(10),
          finishedAt: null,
          userId: null,
          connectionId: null,
          errorCode: null,
          failedStep: null,
          transcript: null,
        },
      });
    });

    it("OA-03 gives an attempt to one of 50 parallel callbacks", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const stores = [bench.store, bench.second];
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const store = stores[index % 2] ?? bench.store;
          return store.claimSignInAttempt(callbackOf("a"));
        }),
      );
      expect(claims.filter((claim) => claim.kind === "claimed")).toHaveLength(1);
      expect(claims.filter((claim) => claim.kind === "repeated")).toHaveLength(49);
    });

    const refusals: { reason: string; name: string; callback: Partial<SignInClaimInput> }[] = [
      { reason: "unknown", name: "an id nobody began", callback: { id: "b" } },
      { reason: "unknown", name: "another state", callback: { stateHash: "state-b" } },
      { reason: "unknown", name: "a state of another length", callback: { stateHash: "state-aa" } },
      { reason: "unknown", name: "an empty state", callback: { stateHash: "" } },
      { reason: "wrong_browser", name: "another browser", callback: { browserHash: "browser-b" } },
      { reason: "wrong_flavour", name: "the other flavour", callback: { flavour: "facebook" } },
      { reason: "expired", name: "the end of its time", callback: { now: minutes(10) } },
    ];
    it.each(refusals)("refuses $name as $reason and changes nothing", async ({ reason, callback }) => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const claim = await bench.store.claimSignInAttempt({ ...callbackOf("a"), ...callback });
      expect(claim).toEqual({ kind: "refused", reason });
      expect((await bench.store.claimSignInAttempt(callbackOf("a"))).kind).toBe("claimed");
    });

    it("names the first reason when a callback is wrong in every way", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const wrong = { ...callbackOf("a", "facebook"), browserHash: "x", now: minutes(60) };
      const claim = await bench.store.claimSignInAttempt(wrong);
      expect(claim).toEqual({ kind: "refused", reason: "wrong_browser" });
    });

    it("OA-02 takes a callback a millisecond before the end of its time", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const now = new Date(minutes(10).getTime() - 1);
      expect((await bench.store.claimSignInAttempt({ ...callbackOf("a"), now })).kind).toBe("claimed");
    });

    it("answers the same callback again, and refuses another code", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a");
      const again = await bench.second.claimSignInAttempt(callbackOf("a"));
      expect(again).toMatchObject({ kind: "repeated", attempt: { status: "exchanging" } });
      expect(again).not.toHaveProperty("attempt.codeHash");
      for (const codeHash of ["code-b", "other", null]) {
        const claim = await bench.store.claimSignInAttempt({ ...callbackOf("a"), codeHash });
        expect(claim).toEqual({ kind: "refused", reason: "other_code" });
      }
    });

    it("lets a person's refusal take the attempt, after which no code can", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const denial = { ...callbackOf("a"), codeHash: null };
      expect((await bench.store.claimSignInAttempt(denial)).kind).toBe("claimed");
      expect((await bench.store.claimSignInAttempt(denial)).kind).toBe("repeated");
      const claim = await bench.store.claimSignInAttempt(callbackOf("a"));
      expect(claim).toEqual({ kind: "refused", reason: "other_code" });
    });

    it("OA-04 repeats a result for ten minutes from its end, and no longer", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a");
      await bench.store.completeSignIn(completion("a", "1", { wallNow: minutes(9) }));
      const before = new Date(minutes(19).getTime() - 1);
      expect(await bench.store.claimSignInAttempt({ ...callbackOf("a"), now: before })).toMatchObject({
        kind: "repeated",
        attempt: { status: "completed", userId: "usr-a", connectionId: "con-1", finishedAt: minutes(9) },
      });
      const late = await bench.store.claimSignInAttempt({ ...callbackOf("a"), now: minutes(19) });
      expect(late).toEqual({ kind: "refused", reason: "expired" });
    });

    it("answers for an interrupted exchange until a minute after its time", async () => {
      await using bench = await setUpBench(open);
      await beginSignIn(bench.store, "a");
      const before = new Date(minutes(11).getTime() - 1);
      const claim = await bench.store.claimSignInAttempt({ ...callbackOf("a"), now: before });
      expect(claim).toMatchObject({ kind: "repeated", attempt: { status: "exchanging" } });
      const late = await bench.store.claimSignInAttempt({ ...callbackOf("a"), now: minutes(11) });
      expect(late).toEqual({ kind: "refused", reason: "expired" });
    });

    it("shows an attempt to the browser that began it and to no other", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const seen = await bench.store.findSignInAttempt({ id: "a", browserHash: "browser-a" });
      expect(seen).toMatchObject({ id: "a", status: "started" });
      expect(JSON.stringify(seen)).not.toMatch(/state-a|browser-a|code-a/);
      expect(await bench.store.findSignInAttempt({ id: "a", browserHash: "browser-b" })).toBeNull();
      expect(await bench.store.findSignInAttempt({ id: "a", browserHash: "" })).toBeNull();
      expect(await bench.store.findSignInAttempt({ id: "b", browserHash: "browser-a" })).toBeNull();
    });

    it("fails an attempt that was begun or is being exchanged, and leaves a finished one alone", async () => {
      await using bench = await setUpBench(open);
      const failure = {
        errorCode: "user_denied",
        failedStep: "code_accepted",
        transcript: '{"steps":[]}',
        wallNow: minutes(2),
      };
      await bench.store.createSignInAttempt(newAttempt("a"));
      await beginSignIn(bench.store, "b");
      await beginSignIn(bench.store, "c");
      await bench.store.completeSignIn(completion("c", "3"));
      for (const id of ["a", "b", "c", "missing"]) await bench.store.failSignInAttempt({ id, ...failure });
      await bench.store.failSignInAttempt({ id: "a", ...failure, errorCode: "transient" });

      const find = (id: string) => bench.store.findSignInAttempt({ id, browserHash: `browser-${id}` });
      const failed = { status: "failed", errorCode: "user_denied", failedStep: "code_accepted" };
      expect(await find("a")).toMatchObject({ ...failed, finishedAt: minutes(2) });
      expect(await find("b")).toMatchObject({ ...failed, finishedAt: minutes(2) });
      expect(await find("c")).toMatchObject({ status: "completed", errorCode: null });
      const late = await bench.store.claimSignInAttempt(callbackOf("a"));
      expect(late).toEqual({ kind: "refused", reason: "other_code" });
    });

    it("refuses a second attempt under an id in use, without repeating the id", async () => {
      await using bench = await setUpBench(open);
      await bench.store.createSignInAttempt(newAttempt("a"));
      const again = bench.store.createSignInAttempt(newAttempt("a", { stateHash: "state-b" }));
      await expect(again).rejects.toThrow(RangeError);
      await expect(again).rejects.not.toThrow(/state-b/);
      expect((await bench.store.claimSignInAttempt(callbackOf("a"))).kind).toBe("claimed");
    });
  });
}
