import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

import { checked } from "../checked-limit.ts";
import { and, asc, count, eq, gt, isNotNull, ne, sql } from "../drizzle.ts";
import { forEachSealedColumn, namesKey, SEALED_COLUMNS, type BySealedColumn } from "../sealed-columns.ts";
import { slot, slotsOf } from "../slots.ts";
import type { SealedColumnStore, SealedCount, SealedRow } from "../store/sealed-columns.ts";
import type { Engine } from "./engine.ts";
import { connections, keyChecks, signInAttempts, sinkFarewells, sinks } from "./schema.ts";

type Place = {
  table: SQLiteTable;
  id: SQLiteColumn;
  flavour: SQLiteColumn | null;
  sealed: SQLiteColumn;
  key: string;
};

const PLACES: BySealedColumn<Place> = {
  "connections.sealed_token": placeOf(connections, "sealedToken"),
  "connections.previous_sealed_token": placeOf(connections, "previousSealedToken"),
  "sign_in_attempts.sealed_choice": placeOf(signInAttempts, "sealedChoice"),
  "sinks.sealed_settings": {
    table: sinks,
    id: sinks.id,
    flavour: null,
    sealed: sinks.sealedSettings,
    key: "sealedSettings",
  },
  "sink_farewells.sealed_settings": {
    table: sinkFarewells,
    id: sinkFarewells.id,
    flavour: null,
    sealed: sinkFarewells.sealedSettings,
    key: "sealedSettings",
  },
};

function placeOf<Table extends typeof connections | typeof signInAttempts>(
  table: Table,
  key: keyof Table & string,
): Place {
  return { table, id: table.id, flavour: table.flavour, sealed: table[key] as SQLiteColumn, key };
}

/** The key that each text was sealed with, and its exchange for another. */
export function createSealedColumns(engine: Engine): SealedColumnStore {
  const { db, read, write } = engine;
  const statements = forEachSealedColumn((column) => prepareColumn(db, PLACES[column]));
  const retire = db
    .update(keyChecks)
    .set({ retiredAt: slotsOf(keyChecks).retiredAt })
    .where(eq(keyChecks.keyId, slotsOf(keyChecks).keyId))
    .prepare();
  const countAll = (): SealedCount[] =>
    SEALED_COLUMNS.flatMap((column) =>
      statements[column].count.all().map((counted) => ({ column, ...counted })),
    );

  return {
    countSealed: () => read(countAll),
    pageSealed: ({ column, notWith, after, limit }) =>
      read(
        () =>
          statements[column].page.all({ notWith, after: after ?? "", limit: checked(limit) }) as SealedRow[],
      ),
    rewrapSealed: ({ column, rewraps }) =>
      write(() => {
        let written = 0;
        for (const rewrap of rewraps) written += statements[column].rewrap.run({ ...rewrap }).changes;
        return written;
      }),
    retireKey: ({ keyId, wallNow }) =>
      write(() => {
        const needing = countAll().filter((counted) => counted.keyId === keyId);
        const rows = needing.reduce((sum, counted) => sum + counted.rows, 0);
        if (rows === 0) retire.run({ keyId, retiredAt: wallNow });
        return rows;
      }),
  };
}

function prepareColumn(db: Engine["db"], { table, id, flavour, sealed, key }: Place) {
  const named = sql`substr(${sealed}, 4)`;
  const keyId = sql<string>`case when ${namesKey(sealed)} then substr(${named}, 1, instr(${named}, '.') - 1) else '' end`;
  return {
    count: db
      .select({ keyId, rows: count() })
      .from(table)
      .where(isNotNull(sealed))
      .groupBy(keyId)
      .orderBy(keyId)
      .prepare(),
    page: db
      .select({ id, flavour: flavour ?? sql<null>`null`, sealed })
      .from(table)
      .where(and(isNotNull(sealed), ne(keyId, sql.placeholder("notWith")), gt(id, slot(id, "after"))))
      .orderBy(asc(id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    rewrap: db
      .update(table)
      .set({ [key]: slot(sealed, "to") })
      .where(and(eq(id, slot(id, "id")), eq(sealed, slot(sealed, "from"))))
      .prepare(),
  };
}
