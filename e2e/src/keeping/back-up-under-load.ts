import { startAppProcess } from "@perennial/runtime/testing";
import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { drawKeys, furnishSealed } from "./sealed-house.ts";

/** What came of the backups. */
export type BackupOutcome = {
  verified: number;
  /** Backups whose rows do not belong to one instant. */
  torn: number;
  tokensOpened: number;
  seconds: number[];
  megabytes: number;
  /** Rows that both writers committed in each second. */
  rowsPerSecond: number;
  /** The last one, restored into an empty database, from the start of the command to its end. */
  restoreSeconds: number;
};

const WRITERS = 2;
const WRITER = fileURLToPath(import.meta.resolve("./writer.ts"));

/**
 * Backs a house up, by the command itself, while two processes commit rows; then restores the last backup into an
 * empty database. The command's word that a backup is whole is not all: in each commit a version grows and a row of
 * history comes, so a backup in which one is ahead of the other shows no instant.
 */
export async function backUpUnderLoad(input: {
  databaseUrl: string;
  emptyDatabaseUrl: string;
  folder: string;
  connections: number;
  backups: number;
  rowsPerSecondEach: number;
}): Promise<BackupOutcome> {
  const { databaseUrl, emptyDatabaseUrl, folder, connections, backups, rowsPerSecondEach } = input;
  const keys = drawKeys();
  await furnishSealed(databaseUrl, connections, keys);
  const environment = keys.environment(databaseUrl, "k1");
  const fileOf = (number: number): string => path.join(folder, `backup-${number}.db`);
  const run = async (url: string, args: string[]): Promise<Record<string, unknown>> => {
    await using cli = startAppProcess("cli", { ...environment, DATABASE_URL: url }, [...args, "--json"]);
    const { code } = await cli.exited;
    if (code !== 0) throw new Error(`perennial ${args[0]} ended with ${code}:\n${cli.lines.join("\n")}`);
    return JSON.parse(cli.lines.find((line) => line.startsWith("{")) ?? "{}") as Record<string, unknown>;
  };
  await run(databaseUrl, ["backup", fileOf(0)]);
  const before = lead(fileOf(0));
  const outcome: BackupOutcome = {
    verified: 0,
    torn: 0,
    tokensOpened: 0,
    seconds: [],
    megabytes: 0,
    rowsPerSecond: 0,
    restoreSeconds: 0,
  };
  const writers = Array.from({ length: WRITERS }, (_, index) =>
    startWriter(environment, `w${index}`, rowsPerSecondEach),
  );
  try {
    await Promise.all(writers.map(({ ready }) => ready));
    for (let number = 1; number <= backups; number += 1) {
      const made = await run(databaseUrl, ["backup", fileOf(number)]);
      const looked = await run(databaseUrl, ["backup", "--verify", fileOf(number)]);
      const tokens = looked["tokens"] as { opened: number; unreadable: string[] };
      if (looked["kind"] === "verified" && tokens.unreadable.length === 0) outcome.verified += 1;
      if (lead(fileOf(number)) !== before) outcome.torn += 1;
      outcome.tokensOpened = tokens.opened;
      outcome.seconds.push(Number(made["seconds"]));
      outcome.megabytes = Number(made["bytes"]) / 1_000_000;
    }
  } finally {
    const rates = await Promise.all(writers.map(({ stop }) => stop()));
    outcome.rowsPerSecond = rates.reduce((sum, rate) => sum + rate, 0);
  }
  const startedMs = performance.now();
  await run(emptyDatabaseUrl, ["restore", fileOf(backups)]);
  outcome.restoreSeconds = (performance.now() - startedMs) / 1_000;
  return outcome;
}

/** By how much the versions are ahead of the rows of history. */
function lead(file: string): number {
  const sqlite = new Database(file, { readonly: true });
  const query = "SELECT (SELECT sum(version) FROM connections) - (SELECT count(*) FROM refresh_attempts)";
  const found = sqlite.prepare<[], number>(query).pluck().get();
  sqlite.close();
  return found ?? Number.NaN;
}

function startWriter(environment: Record<string, string>, name: string, rowsPerSecond: number) {
  const child = spawn(process.execPath, [WRITER, name, String(rowsPerSecond)], {
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      if (said.includes("writing")) resolve();
    });
    child.once("exit", () => reject(new Error(`The writer ${name} ended too soon.`)));
  });
  return {
    ready,
    /** Ends it; answers how many rows it committed in each second. */
    stop: async (): Promise<number> => {
      const exited = child.exitCode === null ? once(child, "close") : null;
      child.kill("SIGTERM");
      await exited;
      const [, rows = "0", seconds = "1"] = /wrote (\d+) in ([\d.]+)/.exec(said) ?? [];
      return Number(rows) / Math.max(0.1, Number(seconds));
    },
  };
}
