import Database from "better-sqlite3";
import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

import type { OpensToken } from "../move/check-tokens.ts";
import { keyOf, type MovedKey, type MovedTable } from "../move/rows.ts";
import { noDamage } from "../sqlite/damage.ts";
import { drizzle } from "../sqlite/drizzle.ts";
import { createEngine } from "../sqlite/engine.ts";
import { migrate } from "../sqlite/migrate.ts";
import { prepareMovedTable } from "../sqlite/moved-tables.ts";
import { createSealedColumns } from "../sqlite/sealed-columns.ts";
import type { KeyCheck } from "../store/upkeep.ts";
import { BackupError } from "./errors.ts";
import { writeManifest, type BackupManifest } from "./manifest.ts";
import { withSnapshot, type Snapshot } from "./snapshot.ts";
import { BACKED_UP_TABLES } from "./tables.ts";
import { verifyBackup, type VerifiedBackup } from "./verify-backup.ts";

/** What a backup does at this moment. */
export type BackupProgress =
  | { step: "copying"; table: MovedTable; rows: number; ofRows: number }
  | { step: "verifying" };

/** What a backup is made of, and where it goes. */
export type CreateBackupInput = {
  databaseUrl: string;
  /** What a relative path in the address is relative to. */
  baseDirectory: string;
  /** The file to make. */
  file: string;
  /** Put it in the place of a file that is there. */
  overwrite: boolean;
  opensToken: OpensToken;
  /** Throws where the keys are not those of the database, whose tokens could then not be looked at. */
  refuseOtherKeys: (checks: readonly KeyCheck[]) => void;
  onProgress?: (progress: BackupProgress) => void;
};

/** A backup that was made, and then opened again and looked through. */
export type CreatedBackup = VerifiedBackup & { bytes: number };

const PAGE_ROWS = 1_000;
const MOST_KEYS = 1_000;
const BUSY_TIMEOUT_MS = 5_000;
/** A draft that nobody has written to for so long was left behind. */
const DRAFT_FORGOTTEN_AFTER_MS = 3_600_000;

/**
 * Makes a backup while others write: everything as it was at one instant, in one SQLite file, whatever the engine.
 * Tokens stay sealed. It is written beside its place, for its owner only, opened again and looked through, and only
 * then given its name: there is never a file of that name that is not whole.
 *
 * @throws {BackupError} `exists`, `missing`, `older_source`, `damaged`
 * @throws {StoreError} and {RangeError} as `withSnapshot`.
 */
export async function createBackup(input: CreateBackupInput): Promise<CreatedBackup> {
  const { databaseUrl, baseDirectory, file, overwrite, opensToken, onProgress = () => undefined } = input;
  if (!overwrite && existsSync(file)) throw exists();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  removeForgottenDrafts(file);
  const draft = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    closeSync(openSync(draft, "wx", 0o600));
    chmodSync(draft, 0o600); // whatever the umask says
    const madeAt = new Date(); // before the first read: all that was committed by then is in it
    await withSnapshot(databaseUrl, baseDirectory, async (snapshot) => {
      input.refuseOtherKeys((await snapshot.readPage("keyChecks", null, MOST_KEYS)) as KeyCheck[]);
      return await fill(draft, { snapshot, madeAt, onProgress });
    });
    sync(draft);
    onProgress({ step: "verifying" });
    const verified = await verifyBackup(draft, opensToken);
    publish(draft, file, overwrite);
    return { ...verified, bytes: statSync(file).size };
  } finally {
    for (const left of [draft, `${draft}-journal`]) rmSync(left, { force: true });
  }
}

type Filling = { snapshot: Snapshot; madeAt: Date; onProgress: (progress: BackupProgress) => void };

async function fill(draft: string, { snapshot, madeAt, onProgress }: Filling): Promise<BackupManifest> {
  const sqlite = new Database(draft);
  try {
    sqlite.pragma("journal_mode = MEMORY"); // what is cut off is thrown away, so it needs no way back
    sqlite.pragma("synchronous = OFF");
    await migrate(sqlite, BUSY_TIMEOUT_MS);
    sqlite.pragma("foreign_keys = OFF"); // they are looked at in the end
    for (const table of BACKED_UP_TABLES) await copyTable(sqlite, snapshot, table, onProgress);
    const engine = createEngine(sqlite, BUSY_TIMEOUT_MS, noDamage());
    const keyIds = await neededKeys(sqlite, engine);
    return writeManifest(sqlite, { id: randomUUID(), madeAt, engine: snapshot.engine, keyIds });
  } finally {
    sqlite.close();
  }
}

async function copyTable(
  sqlite: Database.Database,
  snapshot: Snapshot,
  table: MovedTable,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  const statements = prepareMovedTable(drizzle(sqlite), table);
  const write = sqlite.transaction((page: Awaited<ReturnType<Snapshot["readPage"]>>) => {
    for (const row of page) statements.upsert(row);
  });
  const ofRows = await snapshot.countRows(table);
  let rows = 0;
  for (let after: MovedKey | null = null; ;) {
    const page = await snapshot.readPage(table, after, PAGE_ROWS);
    write(page);
    await turn(); // all else in this process goes on, and a signal is heard
    rows += page.length;
    onProgress({ step: "copying", table, rows, ofRows });
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) break;
    after = keyOf(table, last);
  }
  if (rows !== ofRows || statements.count() !== ofRows) {
    throw new BackupError("damaged", `Of ${ofRows} rows of ${table} ${statements.count()} were copied.`);
  }
}

async function neededKeys(
  sqlite: Database.Database,
  engine: ReturnType<typeof createEngine>,
): Promise<string[]> {
  const checks = sqlite
    .prepare<[], string>("SELECT key_id FROM key_checks WHERE retired_at IS NULL")
    .pluck()
    .all();
  const sealing = (await createSealedColumns(engine).countSealed()).map(({ keyId }) => keyId);
  return [...new Set([...checks, ...sealing])].filter((keyId) => keyId !== "").sort();
}

/** Gives a file its name, and makes sure that a power cut does not take it back. */
function publish(draft: string, file: string, overwrite: boolean): void {
  if (overwrite) renameSync(draft, file);
  else {
    try {
      linkSync(draft, file); // unlike a rename it fails where somebody was faster
    } catch (error) {
      throw error instanceof Error && "code" in error && error.code === "EEXIST" ? exists() : error;
    }
  }
  sync(dirname(file));
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What a backup that was killed has left. */
function removeForgottenDrafts(file: string): void {
  for (const name of readdirSync(dirname(file))) {
    const isDraft = name.startsWith(`${basename(file)}.`) && /\.[0-9a-f]{8}\.part$/.test(name);
    const path = join(dirname(file), name);
    if (isDraft && Date.now() - statSync(path).mtimeMs > DRAFT_FORGOTTEN_AFTER_MS)
      rmSync(path, { force: true });
  }
}

function exists(): BackupError {
  return new BackupError(
    "exists",
    "A file of that name is there already: take another name, or use --force.",
  );
}
