import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

import { checked } from "../checked-limit.ts";
import { and, asc, count, eq, getTableName, gt, isNotNull, ne, sql } from "../drizzle.ts";
import { forEachSealedColumn, namesKey, SEALED_COLUMNS, type BySealedColumn } from "../sealed-columns.ts";
import type { SealedColumnStore, SealedCount, SealedRow } from "../store/sealed-columns.ts";
import type { Engine, Run } from "./engine.ts";
import { connections, keyChecks, signInAttempts, sinkFarewells, sinks } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

type Place = { table: PgTable; id: PgColumn; flavour: PgColumn | null; sealed: PgColumn };

const PLACES: BySealedColumn<Place> = {
  "connections.sealed_token": { ...placeOf(connections), sealed: connections.sealedToken },
  "connections.previous_sealed_token": { ...placeOf(connections), sealed: connections.previousSealedToken },
  "sign_in_attempts.sealed_choice": { ...placeOf(signInAttempts), sealed: signInAttempts.sealedChoice },
  "sinks.sealed_settings": { table: sinks, id: sinks.id, flavour: null, sealed: sinks.sealedSettings },
  "sink_farewells.sealed_settings": {
    table: sinkFarewells,
    id: sinkFarewells.id,
    flavour: null,
    sealed: sinkFarewells.sealedSettings,
  },
};

function placeOf(table: typeof connections | typeof signInAttempts): Omit<Place, "sealed"> {
  return { table, id: table.id, flavour: table.flavour };
}

/** The key that each text was sealed with, and its exchange for another. */
export function createSealedColumns(engine: Engine): SealedColumnStore {
  const { db, read, transaction, write } = engine;
  const statements = forEachSealedColumn((column) => prepareColumn(db, PLACES[column]));
  const retire = db
    .update(keyChecks)
    .set({ retiredAt: slotsOf(keyChecks).retiredAt })
    .where(eq(keyChecks.keyId, slotsOf(keyChecks).keyId))
    .prepare("");
  const countAll = async (run: Run): Promise<SealedCount[]> => {
    const counts = SEALED_COLUMNS.map(async (column) =>
      (await run(statements[column].count)).map((counted) => ({ column, ...counted })),
    );
    return (await Promise.all(counts)).flat();
  };

  return {
    countSealed: () => read(countAll),
    pageSealed: async ({ column, notWith, after, limit }) => {
      const values = { notWith, after: after ?? "", limit: checked(limit) };
      return (await read((run) => run(statements[column].page, values))) as SealedRow[];
    },
    rewrapSealed: async ({ column, rewraps }) => {
      const values = { rewraps: JSON.stringify(rewraps) };
      const written = await write((run) => run(statements[column].rewrap, values), { isRepeatable: true });
      return written.rowCount ?? 0;
    },
    retireKey: ({ keyId, wallNow }) =>
      transaction(async (run) => {
        const needing = (await countAll(run)).filter((counted) => counted.keyId === keyId);
        const rows = needing.reduce((sum, counted) => sum + counted.rows, 0);
        if (rows === 0) await run(retire, { keyId, retiredAt: wallNow });
        return rows;
      }),
  };
}

function prepareColumn(db: Engine["db"], { table, id, flavour, sealed }: Place) {
  const keyId = sql<string>`case when ${namesKey(sealed)} then split_part(${sealed}, '.', 2) else '' end`;
  const [tableName, columnName] = [sql.identifier(getTableName(table)), sql.identifier(sealed.name)];
  return {
    count: db
      .select({ keyId, rows: count() })
      .from(table)
      .where(isNotNull(sealed))
      .groupBy(keyId)
      .orderBy(keyId)
      .prepare(""),
    page: db
      .select({ id, flavour: flavour ?? sql<null>`null`, sealed })
      .from(table)
      .where(and(isNotNull(sealed), ne(keyId, sql.placeholder("notWith")), gt(id, slot(id, "after"))))
      .orderBy(asc(id))
      .limit(sql.placeholder("limit"))
      .prepare(""),
    // Who else writes a row at this moment is not waited for: two that write many rows would wait for each other.
    rewrap: {
      execute: (values: { rewraps: string }) =>
        db
          .execute(
            sql`with wanted as (
              select * from jsonb_to_recordset(${values.rewraps}::jsonb) as each (id text, "from" text, "to" text)
            ), held as (
              select ${tableName}.id from ${tableName} join wanted on ${tableName}.id = wanted.id
              where ${tableName}.${columnName} = wanted."from" for update of ${tableName} skip locked
            )
            update ${tableName} set ${columnName} = wanted."to" from wanted join held on held.id = wanted.id
            where ${tableName}.id = wanted.id and ${tableName}.${columnName} = wanted."from"`,
          )
          .execute(),
    },
  };
}
