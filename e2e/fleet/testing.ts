import type { TestBrowser } from "@perennial/api/testing";
import { migrateAsLaterVersion } from "@perennial/db/testing";
import { startAppProcess } from "@perennial/runtime/testing";
import { expect } from "vitest";

import {
  awaitRefreshes,
  countRefreshes,
  insertDueConnections,
  keepSigningIn,
  refreshesOf,
  startFleet,
  type Fleet,
  type WaitingConnections,
} from "../src/fleet/index.ts";

/** A fleet, and connections that wait to fall due. */
export type LoadedFleet = AsyncDisposable & { fleet: Fleet; due: WaitingConnections; databaseUrl: string };

const EVENT_STREAM = { headers: { accept: "text/event-stream" } };

/** Four workers and two apis over connections that are about to fall due. */
export async function startLoadedFleet(options: {
  /** Where statements of the test go. */
  databaseUrl: string;
  /** Where the fleet goes, when that is through something in between. */
  through?: string;
  connections: number;
}): Promise<LoadedFleet> {
  const { databaseUrl, connections } = options;
  let due: WaitingConnections | null = null;
  const fleet = await startFleet({
    databaseUrl: options.through ?? databaseUrl,
    apis: 2,
    workers: 4,
    prepare: async (world) => {
      due = await insertDueConnections(world, databaseUrl, connections);
      world.sim.faults.add({ at: "refresh", do: "delay", with: { ms: 20 } }); // so that two at once would be seen
    },
  });
  if (due === null) throw new Error("The fleet was not prepared.");
  return { fleet, due, databaseUrl, [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose]() };
}

/** So many fall due at once while people sign in at both apis: each is refreshed once, nobody is turned away. */
export async function expectOneRefreshEach(loaded: LoadedFleet, connections: number): Promise<void> {
  const { fleet, due, databaseUrl } = loaded;
  const before = countRefreshes(fleet);
  fleet.world.sim.resetLedger();
  const signingIn = keepSigningIn(fleet);
  await due.release(connections);
  await awaitRefreshes(fleet, before + connections);
  const signIns = await signingIn.stop();
  const refreshes = await refreshesOf(fleet, databaseUrl);
  expect(fleet.exits).toEqual([]);
  expect(refreshes).toMatchObject({ granted: connections, notGranted: 0, mostInFlightPerToken: 1, lost: [] });
  expect(signIns).toMatchObject({ faults: [], postponed: 0, interrupted: 0 });
  for (const api of [0, 1]) {
    expect(signIns.acknowledged.filter((one) => one.api === api).length).toBeGreaterThan(0);
  }
  const busy = fleet.workers.filter(({ lines }) =>
    lines.some((line) => line.includes("connection.refreshed")),
  );
  expect(busy).toHaveLength(fleet.workers.length);
}

/** Signs out at one api and replays the cookie at the other at once. */
export async function expectSignOutEverywhere(fleet: Fleet): Promise<void> {
  for (const [here, there] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const browser = fleet.newBrowser(here);
    await browser.signIn(fleet.world, "acme.shop");
    const copy = fleet.newBrowser(there);
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    expect((await copy.query("connections.list")).status).toBe(200);
    expect((await browser.mutate("auth.signOut")).status).toBe(200);
    expect((await copy.query("connections.list")).status).toBe(401);
  }
}

/** Pages at both apis hear of what a worker commits. */
export async function expectChangesEverywhere(fleet: Fleet): Promise<void> {
  const { world } = fleet;
  const pages: { connectionId: string; browser: TestBrowser; next: () => Promise<string> }[] = [];
  for (const [api, person] of ["acme.shop", "lena.paints"].entries()) {
    const browser = fleet.newBrowser(api);
    const { connectionId } = await browser.signIn(world, person);
    const stream = await browser.request("/trpc/connections.watch", EVENT_STREAM);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    pages.push({ connectionId, browser, next: async () => (await reader?.read())?.value ?? "" });
  }
  world.sim.clock.advance({ days: 40 });
  for (const { connectionId, next } of pages) {
    let seen = "";
    while (!seen.includes(connectionId)) seen += await next();
    expect(seen).toContain(`"changed":["${connectionId}"]`);
  }
  // What follows signs people in: by then both apis have to follow the clock as well.
  const isFollowing = async ({ browser }: (typeof pages)[number]): Promise<boolean> => {
    const answer = await browser.query("auth.session");
    const { result } = (await answer.json()) as { result: { data: { now: string } } };
    return Math.abs(Date.parse(result.data.now) - world.sim.clock.now().getTime()) < 60_000;
  };
  await expect.poll(async () => Promise.all(pages.map(isFollowing))).toEqual([true, true]);
}

const CLICKS = 200;

/** So many clicks on "refresh now" at once, at two apis: one upstream call, and all get its result. */
export async function expectOneCallForAllClicks({ world, ...fleet }: Fleet): Promise<void> {
  const person = fleet.addGuest();
  const browser = fleet.newBrowser(0);
  const { connectionId } = await browser.signIn(world, person);
  // Old enough to be refreshed, and not due: no worker looks at it.
  world.sim.clock.advance({ days: 1, minutes: 1 });
  const other = fleet.newBrowser(1);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  const refresh = async (at: TestBrowser): Promise<string> => {
    const answer = await at.mutate("connections.refresh", { id: connectionId, force: true });
    return `${answer.status} ${/"kind":"(\w+)"/.exec(await answer.text())?.[1]}`;
  };
  // Both apis have to follow the clock: until they do, the token is too young for them.
  const followed = async (at: TestBrowser): Promise<string> =>
    await (await at.query("connections.get", { id: connectionId })).text();
  const isFollowed = (text: string): boolean => {
    const now = Date.parse(/"now":"([^"]+)"/.exec(text)?.[1] ?? "");
    return Math.abs(now - world.sim.clock.now().getTime()) < 60_000;
  };
  for (const at of [browser, other]) await expect.poll(async () => isFollowed(await followed(at))).toBe(true);
  const gate = world.sim.gates.add({ at: "refresh", point: "before_process", user: person });
  const clicks = Array.from({ length: CLICKS }, (_, index) => refresh(index % 2 === 0 ? browser : other));
  const waiting = await world.sim.gates.waitFor(gate);
  world.sim.gates.release(waiting.id);
  const answers = new Set(await Promise.all(clicks));
  world.sim.gates.release(gate);
  const calls = world.sim.ledger().filter(({ endpoint, user }) => endpoint === "refresh" && user === person);
  expect(calls).toHaveLength(1);
  // Whoever comes when it is over finds a token that is new.
  expect([...answers].filter((answer) => answer !== "200 too_young")).toEqual(["200 refreshed"]);
}

/** A later version adds to the tables while this one is at work: it works on, and only a fresh start is refused. */
export async function expectToWorkBesideLaterVersion(fleet: Fleet, databaseUrl: string): Promise<void> {
  const signingIn = keepSigningIn(fleet, 1);
  const enough = async (count: number): Promise<void> => {
    await expect.poll(() => signingIn.report.acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(count);
  };
  await enough(4);
  await migrateAsLaterVersion(
    databaseUrl,
    "ALTER TABLE connections ADD COLUMN later text;\n--> statement-breakpoint\nCREATE TABLE later (id text);",
  );
  await enough(signingIn.report.acknowledged.length + 8);
  const report = await signingIn.stop();
  expect(report).toMatchObject({ faults: [], postponed: 0, interrupted: 0 });
  expect(fleet.exits).toEqual([]);
  for (const api of fleet.apis.keys())
    expect((await fleet.newBrowser(api).request("/readyz")).status).toBe(200);
  await using fresh = startAppProcess("worker", { ...fleet.world.environment, LOG_LEVEL: "info" }, [
    "--once",
  ]);
  expect(await fresh.exited).toEqual({ code: 1, signal: null });
  expect(fresh.lines).toEqual(["A newer version has migrated this database; this one cannot use it."]);
}
