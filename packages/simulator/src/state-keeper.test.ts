import { readFileSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { createWorld } from "./create-world.ts";
import { readState } from "./state-file.ts";
import { createStateKeeper, type Later } from "./state-keeper.ts";
import { openStateFolder } from "./testing/state-folder.ts";

/** Timers that ring when the test says so. */
function fakeTimers() {
  const waiting: { ms: number; run: () => void }[] = [];
  const later: Later = (ms, run) => {
    const timer = { ms, run };
    waiting.push(timer);
    return () => void waiting.splice(waiting.indexOf(timer), 1);
  };
  return { waiting, later, ring: () => waiting.shift()?.run() };
}

/** A world kept in a file, with timers by hand and no socket. */
async function openKept() {
  const place = await openStateFolder();
  const timers = fakeTimers();
  const notices: string[] = [];
  const keeper = createStateKeeper(place.stateFile, (sentence) => notices.push(sentence), timers.later);
  const world = keeper.open((saved) =>
    createWorld({
      options: { baseNow: () => 0, users: [{ key: "ana" }] },
      seed: 1,
      listener() {
        throw new Error("Nothing listens here.");
      },
      saved,
      changed: keeper.changed,
    }),
  );
  const username = () => readState(readFileSync(place.stateFile, "utf8")).people[0]?.username;
  return Object.assign(place, { world, keeper, notices, username, timers });
}

it("saves two quick changes once, a quarter of a second later", async () => {
  await using kept = await openKept();
  const { world, keeper, timers, stateFile } = kept;
  keeper.start();
  const first = statSync(stateFile).ino;
  expect(timers.waiting).toEqual([]);
  world.people.change("ana", { username: "ana.2" });
  world.people.change("ana", { username: "ana.3" });
  expect(timers.waiting.map((timer) => timer.ms)).toEqual([250]);
  expect([statSync(stateFile).ino, kept.username()]).toEqual([first, "ana"]);
  timers.ring();
  expect([statSync(stateFile).ino === first, kept.username()]).toEqual([false, "ana.3"]);
  expect(timers.waiting).toEqual([]);
  world.people.change("ana", { username: "ana.4" });
  expect(timers.waiting).toHaveLength(1);
});

const PORTFOLIO = { id: "9", name: "Nine", relation: "owned", role: "member" } as const;
const CONSENT = { granted: ["a"], declined: [], pageIds: ["7"], dataAccessEndsAtMs: 5 };

it("is told of every kind of change", async () => {
  await using kept = await openKept();
  const { world, keeper, timers } = kept;
  keeper.start();
  const { people, tokens, codes, facebook, policy, clock } = world;
  const user = people.get("ana");
  const terms = { permissions: [], issuedAtMs: 0 };
  const code = codes.issue({ ...terms, tokenKind: "short_lived", clientId: "1", redirectUri: "", user });
  const token = tokens.issue(tokens.lineageOf("1", user), {
    ...terms,
    kind: "long_lived",
    source: "dashboard",
    lifetimeS: 1,
  });
  timers.ring();
  const changes: (() => unknown)[] = [
    () => codes.issue({ ...terms, tokenKind: "short_lived", clientId: "1", redirectUri: "", user }),
    () => codes.spend(code),
    () => codes.regrant(code, ["a"]),
    () => tokens.issue(token.lineage, { ...terms, kind: "long_lived", source: "refresh", lifetimeS: 1 }),
    () => tokens.extend(token, 0, 1),
    () => tokens.replace(token, 5),
    () => tokens.regrant(token, ["a"]),
    () => tokens.withdraw(user, ["a"]),
    () => tokens.endAll(user, 0, { subcode: null, reason: "revoked" }),
    () => people.add({ key: "ben" }),
    () => people.change("ben", { hasTesterRole: false }),
    () => people.remove("ben"),
    () => facebook.people.add({ key: "fay", pages: [{ id: "7", portfolio: PORTFOLIO }] }),
    () => facebook.people.addPage("fay", { id: "8" }),
    () => facebook.people.change("fay", { name: "Fay" }),
    () => facebook.people.changePage("fay", "7", { tasks: [] }),
    () => facebook.people.link("8", "ana"),
    () => facebook.people.unlink("ana"),
    () => facebook.people.removePage("fay", "8"),
    () => facebook.consents.give(facebook.people.get("fay"), "2", CONSENT),
    () => facebook.consents.decline(facebook.people.get("fay"), ["a"]),
    () => facebook.consents.endDataAccess(facebook.people.get("fay"), 0),
    () => facebook.consents.forget(facebook.people.get("fay"), "2"),
    () => facebook.tokens.regrantAll("2", facebook.people.get("fay"), ["a"]),
    () => facebook.people.remove("fay"),
    () => policy.set({ quota_total: 3 }),
    () => clock.advance({ days: 1 }),
    () => clock.set({ offsetMs: 7 }),
  ];
  for (const change of changes) {
    expect(timers.waiting).toEqual([]);
    change();
    expect(timers.waiting, String(change)).toHaveLength(1);
    timers.ring();
  }
});

it("saves once more at its end, and nothing after it", async () => {
  await using kept = await openKept();
  kept.keeper.start();
  kept.world.people.change("ana", { username: "last" });
  kept.keeper.close();
  expect([kept.timers.waiting, kept.username()]).toEqual([[], "last"]);
  kept.world.people.change("ana", { username: "too late" });
  kept.keeper.close();
  expect([kept.timers.waiting, kept.username()]).toEqual([[], "last"]);
});

it("saves every second while the clock runs fast, so that a killed process falls back little", async () => {
  await using kept = await openKept();
  kept.keeper.start();
  kept.world.clock.set({ rate: 8640 });
  kept.timers.ring();
  expect(kept.timers.waiting.map((timer) => timer.ms)).toEqual([1000]);
  kept.world.people.change("ana", { username: "quick" });
  expect(kept.timers.waiting.map((timer) => timer.ms)).toEqual([1000, 250]);
  for (let round = 0; round < 10; round++) kept.timers.ring();
  expect(kept.timers.waiting.length).toBeLessThan(3);
  kept.world.clock.set({ rate: 1 });
  for (let round = 0; round < 3; round++) kept.timers.ring();
  expect(kept.timers.waiting).toEqual([]);
});

it("says once that it cannot save, and goes on when it can again", async () => {
  await using kept = await openKept();
  const { folder, world, timers, notices } = kept;
  kept.keeper.start();
  await rm(folder, { recursive: true });
  for (const username of ["b", "c"]) {
    world.people.change("ana", { username });
    timers.ring();
  }
  expect(notices).toEqual([
    `The state file ${kept.stateFile} cannot be written (ENOENT). It is tried again at the next change.`,
  ]);
  await mkdir(folder);
  world.people.change("ana", { username: "d" });
  timers.ring();
  expect([notices.length, kept.username()]).toEqual([1, "d"]);
});
