import type Database from "better-sqlite3";
import { createHash } from "node:crypto";

import { BackupError } from "./errors.ts";

/** The format of backups that this version writes. It reads this one and older ones. */
const FORMAT = 1;

/** What a backup says of itself. */
export type BackupManifest = {
  format: number;
  id: string;
  /** The instant it shows the database at, by the clock of the host that made it. */
  madeAt: Date;
  /** The engine of the database it was made of; it can be restored into either. */
  engine: "SQLite" | "Postgres";
  /** The keys without which it cannot be used. */
  keyIds: string[];
  /** Rows by table. */
  rows: Record<string, number>;
};

const CREATE = `CREATE TABLE perennial_backup (
  format INTEGER NOT NULL, id TEXT NOT NULL, made_at INTEGER NOT NULL, engine TEXT NOT NULL,
  key_ids TEXT NOT NULL, row_counts TEXT NOT NULL, digest TEXT NOT NULL
)`;
const INSERT =
  "INSERT INTO perennial_backup VALUES (@format, @id, @madeAt, @engine, @keyIds, @rows, @digest)";
const IS_THERE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'perennial_backup'";
const TABLES = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'perennial_backup'
  AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;

type Row = {
  format: number;
  id: string;
  made_at: number;
  engine: string;
  key_ids: string;
  row_counts: string;
  digest: string;
};

/** Writes into a file what it holds. */
export function writeManifest(
  sqlite: Database.Database,
  told: Omit<BackupManifest, "format" | "rows">,
): BackupManifest {
  const { rows, hash } = readContent(sqlite);
  const manifest = { format: FORMAT, ...told, rows };
  const values = {
    format: FORMAT,
    id: told.id,
    madeAt: told.madeAt.getTime(),
    engine: told.engine,
    keyIds: JSON.stringify(told.keyIds),
    rows: JSON.stringify(rows),
  };
  sqlite.exec(CREATE);
  sqlite.prepare(INSERT).run({ ...values, digest: digestOf(hash, values) });
  return manifest;
}

/**
 * Reads what a file says it holds, and compares it with what it does hold, field by field.
 *
 * @throws {BackupError} `damaged`, `newer`
 */
export function checkManifest(sqlite: Database.Database): BackupManifest {
  if (sqlite.prepare<[], number>(IS_THERE).pluck().get() !== 1) {
    throw new BackupError("damaged", "The file is a database, but no backup of Perennial.");
  }
  const row = sqlite.prepare<[], Row>("SELECT * FROM perennial_backup").get();
  if (row === undefined) throw new BackupError("damaged", "The backup does not say what it holds.");
  if (row.format > FORMAT) throw new BackupError("newer", "A later version of Perennial made this backup.");
  const { rows, hash } = readContent(sqlite);
  const { format, id, engine } = row;
  const values = { format, id, madeAt: row.made_at, engine, keyIds: row.key_ids, rows: row.row_counts };
  if (digestOf(hash, values) !== row.digest || JSON.stringify(rows) !== row.row_counts) {
    throw new BackupError("damaged", "The backup does not hold what was written to it.");
  }
  return {
    format,
    id,
    madeAt: new Date(row.made_at),
    engine: engine === "Postgres" ? "Postgres" : "SQLite",
    keyIds: JSON.parse(row.key_ids) as string[],
    rows,
  };
}

/** Goes over every field of every table, whatever their version. */
function readContent(sqlite: Database.Database): { rows: Record<string, number>; hash: string } {
  const hash = createHash("sha256");
  const rows: Record<string, number> = {};
  for (const table of sqlite.prepare<[], string>(TABLES).pluck().all()) {
    const columns = sqlite.pragma(`table_info("${table}")`) as { name: string; pk: number }[];
    const key = columns.filter(({ pk }) => pk > 0).map(({ name }) => `"${name}"`);
    const order = key.length > 0 ? key.join(", ") : "rowid";
    hash.update(`${JSON.stringify([table, columns.map(({ name }) => name)])}\n`);
    rows[table] = 0;
    for (const values of sqlite.prepare(`SELECT * FROM "${table}" ORDER BY ${order}`).raw().iterate()) {
      hash.update(`${JSON.stringify(values)}\n`);
      rows[table] += 1;
    }
  }
  return { rows, hash: hash.digest("hex") };
}

function digestOf(content: string, manifest: object): string {
  return createHash("sha256").update(content).update(JSON.stringify(manifest)).digest("hex");
}
