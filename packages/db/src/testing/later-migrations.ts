import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What drizzle-kit notes of the migrations in a folder. */
export type Journal = {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
};

/** Reads the journal of a folder of migrations. */
export function readJournal(folder: string): Journal {
  return JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")) as Journal;
}

/** The newest snapshot that drizzle-kit has left beside the migrations. */
export function readNewestSnapshot(folder: string): unknown {
  const prefix = String(readJournal(folder).entries.at(-1)?.idx).padStart(4, "0");
  return JSON.parse(readFileSync(join(folder, `meta/${prefix}_snapshot.json`), "utf8")) as unknown;
}

/** A copy of the migrations with one more, as a later version would have it. */
export function laterMigrations(migrationsFolder: string, directory: string, statement: string): string {
  const folder = join(directory, "later");
  cpSync(migrationsFolder, folder, { recursive: true });
  const journal = readJournal(folder);
  const [first] = journal.entries;
  if (first === undefined) throw new Error("There are no migrations.");
  const later = { ...first, idx: journal.entries.length, when: Date.UTC(2100, 0), tag: "9999_later" };
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ entries: [...journal.entries, later] }));
  writeFileSync(join(folder, "9999_later.sql"), statement);
  return folder;
}
