import { openStore, StoreError, type Store } from "@perennial/db";
import { statSync } from "node:fs";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";

const { green, amber, red } = checksOf("database");

const CURES: Readonly<Record<StoreError["code"], string>> = {
  busy: "Something holds a lock for long: look for a transaction or a backup that does not end, and try again.",
  unavailable: "Look at DATABASE_URL, and whether the database runs and can be reached from here.",
  schema_newer: "Run the version of Perennial that made these tables, or a newer one.",
  corrupt: "Stop the servers, keep the file, and restore the last backup.",
  moved: "Set DATABASE_URL to where the database has moved.",
};

/** Opens the database as every start does, migrations included; null where that fails. The caller closes it. */
export async function openDatabase(
  config: Pick<Config, "databaseUrl">,
): Promise<{ store: Store | null; checks: Check[] }> {
  const warnings: Check[] = [];
  try {
    const store = await openStore(config.databaseUrl, {
      onWarning: (sentence) =>
        void warnings.push(amber("place", sentence, "Keep it on a disk of this machine, or use Postgres.")),
    });
    return { store, checks: [green("opens", `It opens: ${placeOf(config.databaseUrl)}.`), ...warnings] };
  } catch (error) {
    return { store: null, checks: [...warnings, failed("opens", error)] };
  }
}

/** Whether it has the tables of this version, takes writes and keeps them, and is nobody else's to read. */
export async function checkDatabase(
  store: Pick<Store, "checkMigrated" | "checkWritable" | "readDurability">,
  { databaseUrl }: Pick<Config, "databaseUrl">,
): Promise<Check[]> {
  return [
    await tried("migrated", "Its tables are those of this version.", () => store.checkMigrated()),
    await tried("writable", "It takes writes.", () => store.checkWritable()),
    await checkDurable(store),
    ...checkModes(databaseUrl),
  ];
}

async function tried(name: string, message: string, work: () => Promise<void>): Promise<Check> {
  try {
    await work();
    return green(name, message);
  } catch (error) {
    return failed(name, error);
  }
}

/** A token that was swapped is lost with the power where a commit does not wait for the disk. */
async function checkDurable(store: Pick<Store, "readDurability">): Promise<Check> {
  try {
    const settings = await store.readDurability();
    const said = settings.map(({ name, value }) => `${name} ${value}`).join(", ");
    const weak = settings.filter(({ isDurable }) => !isDurable);
    if (weak.length === 0) return green("durable", `What is committed is on the disk (${said}).`);
    const message = `What is committed may be lost with the power: ${weak.map(({ name, value }) => `${name} is ${value}`).join(", ")}.`;
    return red("durable", message, "Keep it in a file, or set this on in the settings of Postgres.");
  } catch (error) {
    return failed("durable", error);
  }
}

function failed(name: string, error: unknown): Check {
  if (!(error instanceof StoreError)) throw error;
  return red(name, error.message, CURES[error.code]);
}

/** A file holds sealed tokens: its owner reads it, and nobody else. */
function checkModes(databaseUrl: string): Check[] {
  const file = fileOf(databaseUrl);
  if (file === null) return [];
  const { mode } = statSync(file);
  if ((mode & 0o077) === 0) return [green("private", "Only its owner can read the file.")];
  return [amber("private", "Others on this machine can read the file.", `chmod 600 ${file}*`)];
}

function fileOf(databaseUrl: string): string | null {
  const isFile = databaseUrl.startsWith("file:") && databaseUrl !== "file::memory:";
  return isFile ? databaseUrl.slice("file:".length) : null;
}

/** Where it is, without who may use it. */
function placeOf(databaseUrl: string): string {
  const file = fileOf(databaseUrl);
  if (file !== null) return `the SQLite file ${file}`;
  if (!URL.canParse(databaseUrl) || databaseUrl.startsWith("file:")) return "a SQLite database in memory";
  const { host, pathname } = new URL(databaseUrl);
  return `the Postgres database ${pathname.slice(1)} at ${host}`;
}
