import { describe, expect, it } from "vitest";

import { openStore } from "../open-store.ts";
import { runOn } from "../testing/index.ts";
import { openDatabase } from "../sqlite/connection.ts";
import { furnishMovable } from "../testing/furnish.ts";
import { abandonMove } from "./abandon-move.ts";
import { moveHouse, type MoveReport } from "./move-house.ts";
import type { MoveProgress } from "./progress.ts";
import {
  Killed,
  killAt,
  WAYS,
  contentOf,
  freshDatabase,
  open,
  openTwoEnds,
  removeDatabasesAfterAll,
} from "./testing/two-ends.ts";

removeDatabasesAfterAll();

/** Two pages, three batches: as they are, and, where the steps are the same of fewer rows, as small ones. */
const MANY = { pageRows: 1_000, connections: 1_300 };
const FEWER = { pageRows: 100, connections: 130 };
const MANY_RUNS_TIMEOUT_MS = 90_000;
const FAR_AHEAD = new Date("2100-01-01T00:00:00.000Z");

/** Each way is cut off at steps of its own: together they are every other one of a move. */
const CUT_OFF_EACH = 8;
const ways = WAYS.map(([from, to], index) => ({
  from,
  to,
  firstCut: 1 + 2 * index,
  ...(index === 0 ? MANY : FEWER),
}));

describe.each(ways)("a move from $from to $to", ({ from, to, firstCut, pageRows, connections }) => {
  it("carries every row of every table over, there and back, and opens every token", async () => {
    await using ends = await openTwoEnds([from, to], 300);
    const before = await contentOf(ends.source);
    const tokens: string[] = [];
    const there = await ends.move({ opensToken: (sealed) => tokens.push(sealed) > 0 });
    expect(there).toMatchObject({
      kind: "moved",
      isResumed: false,
      tokensOpened: 300,
      tables: {
        connections: { rows: 300, written: 300, deleted: 0 },
        sessions: { rows: 100 },
        alertDeliveries: { rows: 75 },
        appBreakers: { rows: 33 },
      },
    });
    expect(tokens).toHaveLength(600); // at the source before anything is touched, and at the target at the end
    expect(await contentOf(ends.target)).toEqual(before);

    const back = await ends.move({ source: ends.target, target: ends.source });
    expect(back).toMatchObject({ kind: "moved", tables: { connections: { rows: 300, written: 0 } } });
    expect(await contentOf(ends.source)).toEqual(before);
    await using store = await openStore(ends.addresses.source);
    expect(await store.prune(FAR_AHEAD)).toBeGreaterThan(0); // it takes writes again
  });

  it("goes on where it was cut off, wherever that was", { timeout: MANY_RUNS_TIMEOUT_MS }, async () => {
    await using ends = await openTwoEnds([from, to], connections);
    const before = await contentOf(ends.source);
    let kills = 0;
    for (let report: MoveReport | null = null; report === null; kills += 1) {
      const killed = firstCut + kills * CUT_OFF_EACH;
      let step = 0;
      const onProgress = (progress: MoveProgress): void => {
        step += 1;
        if (step === killed && progress.step !== "finished") throw new Killed();
      };
      report = await ends.move({ onProgress, pageRows }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Killed);
        return null;
      });
      if (report === null) continue;
      expect(report).toMatchObject({
        isResumed: true,
        tables: { connections: { rows: connections, written: 0 } },
      });
    }
    expect(kills).toBeGreaterThan(5);
    expect(await contentOf(ends.target)).toEqual(before);
  });
});

describe("a resumed move", () => {
  it("carries over what changed at the source since it was given up, and takes away what went", async () => {
    await using ends = await openTwoEnds(["SQLite", "Postgres"], 50);
    await expect(ends.move({ onProgress: killAt("comparing") })).rejects.toThrow(Killed);
    await abandonMove({ source: ends.source, target: null });
    {
      await using store = await openStore(ends.addresses.source);
      const [first, second] = await store.pageConnections({ after: null, limit: 2 });
      if (first === undefined || second === undefined) throw new Error("There is nothing to change.");
      await store.disconnect({ userId: first.userId, connectionId: first.id, now: new Date() });
      await store.deleteSession((await contentOf(ends.source))["sessions"]?.[0]?.["idHash"] as string);
    }
    const report = await ends.move();
    expect(report).toMatchObject({ tables: { sessions: { deleted: 1 }, users: { written: 0 } } });
    expect(await contentOf(ends.target)).toEqual(await contentOf(ends.source));
  });

  it.each(["SQLite", "Postgres"] as const)(
    "follows accounts that changed hands since, into %s",
    async (to) => {
      await using ends = await openTwoEnds(["SQLite", to], 50);
      await expect(ends.move({ onProgress: killAt("comparing") })).rejects.toThrow(Killed);
      await abandonMove({ source: ends.source, target: null });
      const { connections = [] } = await contentOf(ends.source);
      const [first, second, third] = connections;
      if (first === undefined || second === undefined || third === undefined) throw new Error("Too few.");
      const sqlite = await openDatabase(ends.addresses.source.slice("file:".length), 1_000);
      const set = sqlite.prepare("UPDATE connections SET account_id = ? WHERE id = ?");
      set.run("nobody's", first["id"]);
      set.run(first["accountId"], second["id"]);
      set.run(second["accountId"], first["id"]);
      // The same account under an id that comes much later.
      sqlite.pragma("foreign_keys = OFF");
      sqlite.prepare("UPDATE connections SET id = 'zzz' WHERE id = ?").run(third["id"]);
      sqlite
        .prepare("UPDATE refresh_attempts SET connection_id = 'zzz' WHERE connection_id = ?")
        .run(third["id"]);
      sqlite.close();
      const report = await ends.move();
      expect(report).toMatchObject({ tables: { connections: { rows: 50, written: 3, deleted: 3 } } });
      expect(await contentOf(ends.target)).toEqual(await contentOf(ends.source));
    },
  );

  it("mends a row that was tampered with in the target", async () => {
    await using ends = await openTwoEnds(["SQLite", "Postgres"], 50);
    await expect(ends.move({ onProgress: killAt("comparing") })).rejects.toThrow(Killed);
    await runOn(
      ends.addresses.target,
      "ALTER TABLE connections DISABLE TRIGGER perennial_guard; UPDATE connections SET version = version + 1 " +
        "WHERE username = 'user.7'; ALTER TABLE connections ENABLE TRIGGER perennial_guard",
    );
    expect(await ends.move()).toMatchObject({ tables: { connections: { written: 1 } } });
    expect(await contentOf(ends.target)).toEqual(await contentOf(ends.source));
  });
});

describe("the comparison at the end", () => {
  it("finds a field that differs, says where without its value, and leaves the target closed", async () => {
    await using ends = await openTwoEnds(["SQLite", "Postgres"], 50);
    let isTampered = false;
    const tamper = async ({ step }: MoveProgress): Promise<void> => {
      if (step !== "comparing" || isTampered) return;
      isTampered = true;
      await runOn(
        ends.addresses.target,
        "ALTER TABLE connections DISABLE TRIGGER perennial_guard; UPDATE connections SET name = 'hidden' " +
          "WHERE username = 'user.8'; ALTER TABLE connections ENABLE TRIGGER perennial_guard",
      );
    };
    const failed = ends.move({ onProgress: tamper });
    await expect(failed).rejects.toMatchObject({
      code: "differs",
      message: expect.stringContaining("(in name)"),
    });
    await expect(failed).rejects.not.toThrow("hidden");
    await using store = await openStore(ends.addresses.target);
    await expect(store.prune(FAR_AHEAD)).rejects.toMatchObject({ code: "moved" });
    expect(await ends.move()).toMatchObject({ kind: "moved", isResumed: true });
  });
});

describe("a house that moves on", () => {
  it("is not moved again by the command that moved it, whatever has become of it since", async () => {
    await using ends = await openTwoEnds(["SQLite", "SQLite"], 20);
    await ends.move();
    await using store = await openStore(ends.addresses.target);
    const [first] = await store.pageConnections({ after: null, limit: 1 });
    if (first === undefined) throw new Error("There is nothing to change.");
    await store.disconnect({ userId: first.userId, connectionId: first.id, now: new Date() });
    expect(await ends.move()).toEqual({ kind: "finished_before" });
    expect(await store.findConnection(first.userId, first.id)).toMatchObject({ status: "disconnected" });
  });

  it("cannot be moved from where it lived before", async () => {
    await using ends = await openTwoEnds(["SQLite", "SQLite"], 20);
    await ends.move();
    await using third = await open(await freshDatabase("SQLite"));
    await expect(ends.move({ target: third })).rejects.toMatchObject({ code: "wrong_house" });
    await furnishMovable(third, { connections: 3, seed: 9 });
    expect(
      await moveHouse({
        source: third,
        target: await open(await freshDatabase("SQLite")),
        drain: false,
        opensToken: () => true,
      }),
    ).toMatchObject({ kind: "moved" });
  });
});
