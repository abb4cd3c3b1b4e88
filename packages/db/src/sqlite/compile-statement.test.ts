import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { eq, inArray, sql } from "../drizzle.ts";
import { slot, slotsOf } from "../slots.ts";
import { describeStoreContract } from "../store.contract.ts";
import { compileStatement, type PreparedStatement } from "./compile-statement.ts";
import { instant } from "./column-types.ts";
import { openDatabase } from "./connection.ts";
import { drizzle, integer, sqliteTable, text } from "./drizzle.ts";
import { openSqliteStore } from "./open.ts";
import { runBothWays, type BothWays } from "./testing/both-ways.ts";

const things = sqliteTable("things", {
  id: text("id").primaryKey(),
  count: integer("count"),
  isGood: integer("is_good", { mode: "boolean" }),
  tags: text("tags", { mode: "json" }).$type<string[]>(),
  madeAt: instant("made_at"),
});

const parts = sqliteTable("parts", { id: text("id").primaryKey(), thingId: text("thing_id") });

const FULL = { id: "a", count: 7, isGood: true, tags: ["x", 'y"'], madeAt: new Date(1_772_366_400_123) };
const EMPTY = { id: "b", count: null, isGood: null, tags: null, madeAt: null };
const UNTRUE = { id: "c", count: 0, isGood: false, tags: [], madeAt: new Date(0) };

async function openThings(): Promise<BetterSQLite3Database> {
  const sqlite = await openDatabase(":memory:", 100);
  sqlite.exec(`CREATE TABLE things (id text primary key, count integer, is_good integer, tags text, made_at integer);
    CREATE TABLE parts (id text primary key, thing_id text)`);
  return drizzle(sqlite);
}

/** Statements of every form, which prove by the way that they are run both ways. */
function statementsOf(db: BetterSQLite3Database) {
  const slots = slotsOf(things);
  return {
    insert: db.insert(things).values(slots).prepare(),
    find: db.select().from(things).where(eq(things.id, slots.id)).prepare(),
    someOf: db
      .select({ id: things.id, twice: sql<number>`${things.count} * 2`.mapWith(Number) })
      .from(things)
      .where(inArray(things.id, ["a", "c", "it's"]))
      .orderBy(things.id)
      .limit(sql.placeholder("limit"))
      .prepare(),
    change: db
      .update(things)
      .set({ madeAt: slots.madeAt, isGood: false, tags: ["it's", "set"] })
      .where(eq(things.id, slots.id))
      .returning()
      .prepare(),
    remove: db.delete(things).where(eq(things.id, slots.id)).returning({ count: things.count }).prepare(),
    withParts: db
      .select({ thing: { id: things.id, madeAt: things.madeAt }, part: { id: parts.id } })
      .from(things)
      .leftJoin(parts, eq(parts.thingId, things.id))
      .where(eq(things.id, slot(things.id, "thing")))
      .prepare(),
  };
}

let bothWays: BothWays;
beforeAll(() => {
  bothWays = runBothWays();
});
afterAll(() => {
  bothWays[Symbol.dispose]();
});

describe("statements that are compiled", () => {
  it("bind and answer what Drizzle's own do: null, booleans, lists, instants, limits, lists of constants", async () => {
    const { insert, find, someOf, change, remove } = statementsOf(await openThings());
    for (const thing of [FULL, EMPTY, UNTRUE]) insert.run(thing);
    expect([FULL, EMPTY, UNTRUE].map(({ id }) => find.get({ id }))).toEqual([FULL, EMPTY, UNTRUE]);
    expect(find.get({ id: "nobody" })).toBeUndefined();
    expect(find.all({ id: "a" })).toEqual([FULL]);
    expect(find.values({ id: "a" })).toEqual([["a", 7, 1, '["x","y\\""]', FULL.madeAt.getTime()]]);
    expect(someOf.all({ limit: 5 })).toEqual([
      { id: "a", twice: 14 },
      { id: "c", twice: 0 },
    ]);
    expect(someOf.all({ limit: 1 })).toHaveLength(1);
    const changed = { ...FULL, madeAt: null, isGood: false, tags: ["it's", "set"] };
    expect(change.get({ id: "a", madeAt: null })).toEqual(changed);
    expect(change.all({ id: "nobody", madeAt: null })).toEqual([]);
    expect(remove.get({ id: "c" })).toEqual({ count: 0 });
    expect(remove.run({ id: "a" })).toMatchObject({ changes: 1 });
  });

  it("fail as Drizzle's own do: a value that is missing, one that cannot be bound, one that is there already", async () => {
    const { insert, find } = statementsOf(await openThings());
    expect(() => find.get({})).toThrow('No value for placeholder "id" was provided');
    expect(() => find.get()).toThrow('No value for placeholder "id" was provided');
    expect(() => find.get({ id: true })).toThrow("can only bind numbers, strings");
    insert.run(FULL);
    expect(() => insert.run(FULL)).toThrow("UNIQUE constraint failed: things.id");
    expect(() => insert.run({ ...UNTRUE, madeAt: 5 })).toThrow("getTime");
  });

  it("leave rows with objects in them to Drizzle, which makes null of one that a join did not find", async () => {
    const db = await openThings();
    const { insert, withParts } = statementsOf(db);
    insert.run(FULL);
    const thing = { id: "a", madeAt: FULL.madeAt };
    expect(withParts.get({ thing: "a" })).toEqual({ thing, part: null });
    db.insert(parts).values({ id: "p", thingId: "a" }).run();
    expect(withParts.all({ thing: "a" })).toEqual([{ thing, part: { id: "p" } }]);
  });

  it("are none where Drizzle's are kept in another way than is known, have a log, or make their results themselves", async () => {
    const db = await openThings();
    const query = db.select().from(things) as unknown as { _prepare: (isOneTimeQuery: boolean) => object };
    const own = query._prepare(false);
    const changed = (change: object) =>
      compileStatement(Object.assign(Object.create(own) as PreparedStatement, change));
    expect(changed({})).not.toBeNull();
    for (const change of [
      { stmt: undefined },
      { query: {} },
      { fields: {} },
      { logger: { logQuery: () => {} } },
    ])
      expect(changed(change)).toBeNull();
    expect(changed({ customResultMapper: () => [] })).toBeNull();
  });
});

describeStoreContract("SQLite in memory, each statement run both ways", async (options) => ({
  store: await openSqliteStore({ ...options, file: ":memory:" }),
}));

describe("the store's statements", () => {
  it("are compiled, all but the page of people with their accounts, unless Drizzle keeps them in a new way", () => {
    const ofStore = [...bothWays.isCompiled].filter(([source]) => !/"(things|parts)"/.test(source));
    expect(ofStore.length).toBeGreaterThan(110);
    const own = ofStore.filter(([, isCompiled]) => !isCompiled).map(([source]) => source);
    expect(own).toEqual([expect.stringMatching(/^select "on_page"."id", .* left join "connections"/)]);
  });
});
