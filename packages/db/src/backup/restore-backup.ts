import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeAtWork } from "../move/await-quiet.ts";
import type { OpensToken } from "../move/check-tokens.ts";
import { compareTable } from "../move/compare-table.ts";
import { copyTable } from "../move/copy-table.ts";
import type { GuardState, House, Movable } from "../move/movable.ts";
import type { MovedTableReport } from "../move/move-house.ts";
import type { MoveProgress } from "../move/progress.ts";
import { MOVED_TABLE_NAMES, type MovedTable } from "../move/rows.ts";
import { openDatabase } from "../sqlite/connection.ts";
import { migrate } from "../sqlite/migrate.ts";
import { openSqliteMovable } from "../sqlite/movable.ts";
import type { KeyCheck } from "../store/upkeep.ts";
import { entomb } from "./apply-erasures.ts";
import { countTokens, type TokenCount } from "./count-tokens.ts";
import { BackupError } from "./errors.ts";
import type { BackupManifest } from "./manifest.ts";
import { prepareRestore, type Forgotten } from "./prepare-restore.ts";
import { reconcile, type Reconciled } from "./reconcile.ts";
import { verifyBackup } from "./verify-backup.ts";

/** What is restored, and where to. */
export type RestoreBackupInput = {
  file: string;
  target: Movable;
  /** Restore into a database that people live in: they are as the backup has them afterwards. */
  overwrite: boolean;
  /** Ids that must not come back: users and sinks are left out, connections disconnected, API keys revoked. */
  forget: readonly string[];
  /** Ids of people and connections that were erased since: nothing of them comes back. */
  erase: readonly string[];
  opensToken: OpensToken;
  /** Throws where the keys are not those of the backup. */
  refuseOtherKeys: (checks: readonly KeyCheck[], neededKeyIds: readonly string[]) => void;
  onProgress?: (progress: MoveProgress) => void | Promise<void>;
};

/** How a restore went. */
export type RestoreReport = {
  manifest: BackupManifest;
  /** Whether it went on with one that had been cut off. */
  isResumed: boolean;
  tables: Record<MovedTable, MovedTableReport>;
  reconciled: Reconciled;
  forgotten: Forgotten;
  tokens: TokenCount;
};

const BUSY_TIMEOUT_MS = 5_000;
const MOST_KEYS = 1_000;

/**
 * Restores a backup into a database of either engine. It is looked through first, brought to the schema of this
 * version, and reconciled with what the database still knows; then the database is closed to everybody else, made
 * equal to it, compared row by row, and opened. Each step can be done again: what was cut off is resumed by the same
 * call, and until then nobody can write there.
 *
 * @throws {BackupError} `missing`, `damaged`, `newer`, `not_empty`, `at_work`, `wrong_house`
 * @throws {MoveError} `differs`, `taken_over`
 * @throws {StoreError} as the store itself.
 */
export async function restoreBackup(input: RestoreBackupInput): Promise<RestoreReport> {
  const { file, target, overwrite, forget, opensToken } = input;
  const { manifest } = await verifyBackup(file, null);
  const folder = mkdtempSync(join(tmpdir(), "perennial-restore-")); // for its owner only
  try {
    const copy = join(folder, "backup.db");
    copyFileSync(file, copy);
    chmodSync(copy, 0o600);
    const workFile = await openDatabase(copy, BUSY_TIMEOUT_MS);
    try {
      await migrate(workFile, BUSY_TIMEOUT_MS);
      const forgotten = prepareRestore(workFile, forget);
      entomb(workFile, input.erase, new Date());
      await using work = await openSqliteMovable({
        file: copy,
        mayCreate: false,
        leaseNow: Date.now,
        busyTimeoutMs: BUSY_TIMEOUT_MS,
      });
      input.refuseOtherKeys(
        (await work.readPage("keyChecks", null, MOST_KEYS)) as KeyCheck[],
        manifest.keyIds,
      );
      const closed = await closeTarget(target, manifest, overwrite);
      const reconciled = await reconcile({ work, workFile, target, opensToken });
      const tables = await makeEqual(input, work, closed.moveId);
      const tokens = await countTokens(target, opensToken);
      await openTarget(target, closed);
      return { manifest, isResumed: closed.isResumed, tables, reconciled, forgotten, tokens };
    } finally {
      workFile.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Closed = GuardState & { moveId: string; isResumed: boolean };

/** From here on nobody but this restore writes to the database. */
async function closeTarget(target: Movable, manifest: BackupManifest, overwrite: boolean): Promise<Closed> {
  const house = await target.findHouse();
  const moveId = `restore ${manifest.id}`;
  const receiving = { guard: "receiving", moveId, counterpartId: null } as const;
  if (house.guard === "receiving" && house.moveId === moveId) return { ...receiving, isResumed: true };
  refuseMoving(house);
  const isOfOtherRestore = house.guard === "receiving";
  const people = await target.countRows("users");
  if (!overwrite && (people > 0 || isOfOtherRestore)) {
    throw new BackupError(
      "not_empty",
      isOfOtherRestore
        ? "Another backup was being restored here and was cut off: finish that one, or use --force."
        : `The database holds ${people} users. Restore into an empty one; --force puts the backup in their place.`,
    );
  }
  const atWork = await target.findAtWork();
  if (atWork.processes.length > 0 || atWork.liveLeases > 0) throw isAtWork(describeAtWork(atWork));
  if (!(await target.changeGuard({ from: house, to: receiving, onlyIfIdle: true }))) {
    throw isAtWork("somebody has begun to work");
  }
  return { ...receiving, isResumed: false };
}

function refuseMoving({ guard, counterpartId }: House): void {
  if (guard === "open" || (guard === "receiving" && counterpartId === null)) return;
  throw new BackupError(
    "wrong_house",
    "The database is being moved, or was moved to another one: finish the move, or restore into an empty database.",
  );
}

function isAtWork(what: string): BackupError {
  return new BackupError(
    "at_work",
    `In the database ${what}. Stop the servers first (one counts as running for 30 seconds after it was killed).`,
  );
}

async function makeEqual(
  { target, onProgress = () => undefined }: RestoreBackupInput,
  work: Movable,
  moveId: string,
): Promise<Record<MovedTable, MovedTableReport>> {
  const journey = { source: work, target, moveId, onProgress };
  const reports = new Map<MovedTable, MovedTableReport>();
  for (const table of MOVED_TABLE_NAMES)
    reports.set(table, { rows: 0, ...(await copyTable(journey, table)) });
  for (const table of MOVED_TABLE_NAMES) {
    const { written, deleted } = reports.get(table) ?? { written: 0, deleted: 0 };
    reports.set(table, { rows: await compareTable(journey, table), written, deleted });
  }
  return Object.fromEntries(reports) as Record<MovedTable, MovedTableReport>;
}

async function openTarget(target: Movable, { guard, moveId, counterpartId }: Closed): Promise<void> {
  const open: GuardState = { guard: "open", moveId: null, counterpartId: null };
  if (await target.changeGuard({ from: { guard, moveId, counterpartId }, to: open })) return;
  throw new BackupError("wrong_house", "The state of the database was changed by somebody else meanwhile.");
}
