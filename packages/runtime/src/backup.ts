import { createTokenSeal, type TokenSeal } from "@perennial/connections";
import {
  BackupError,
  StoreError,
  createBackup,
  openMovable,
  restoreBackup,
  verifyBackup as verifyBackupOf,
  type BackupProgress,
  type CreatedBackup,
  type MoveProgress,
  type RestoreReport,
  type VerifiedBackup,
} from "@perennial/db";
import path from "node:path";

import { refuseOtherKeys } from "./check-keys.ts";
import { ConfigError, type Config } from "./config.ts";
import { workspaceRoot } from "./environment.ts";
import { opensTokenWith } from "./opens-token.ts";
import { recordAct } from "./record-act.ts";

/** What the web server hands out, and what goes into it. */
const WEB_ROOTS = ["apps/web/dist", "apps/web/public"].map((folder) => path.join(workspaceRoot, folder));

/** A backup that was made. Not recorded: the database, such as a replica or one that was moved, takes no writes. */
export type RecordedBackup = CreatedBackup & { isRecorded: boolean };

/**
 * Makes a backup of the configured database while everything runs, opens it again and looks through it. The database has
 * it written down, where it can.
 *
 * @throws {ConfigError} when the keys are not those of the database.
 * @throws {BackupError} and {StoreError} as `createBackup` of `@perennial/db`; `exists` also for a place where
 *   everybody could fetch it.
 */
export async function backUp(
  config: Config,
  request: { file: string; overwrite: boolean; onProgress: (progress: BackupProgress) => void },
): Promise<RecordedBackup> {
  const file = path.resolve(request.file);
  if (WEB_ROOTS.some((root) => file.startsWith(`${root}${path.sep}`))) {
    throw new BackupError(
      "web_root",
      "Everybody could fetch a backup from there: the web app is served from it.",
    );
  }
  const seal = createTokenSeal(config.tokenKeys);
  const made = await createBackup({
    ...request,
    file,
    databaseUrl: config.databaseUrl,
    baseDirectory: workspaceRoot,
    opensToken: opensTokenWith(seal),
    refuseOtherKeys: (checks) => refuseOtherKeys(checks, seal),
  });
  return { ...made, isRecorded: await recordBackup(config, made) };
}

/** A backup is good whether that it was made can be written down or not. */
async function recordBackup(
  { databaseUrl }: Config,
  { manifest: { id, rows }, bytes }: CreatedBackup,
): Promise<boolean> {
  const detail = { backup: id, connections: rows["connections"] ?? 0, bytes };
  try {
    await recordAct(databaseUrl, "database.backed_up", detail);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}

/** Looks through a backup, its tokens too. @throws {BackupError} as `verifyBackup` of `@perennial/db` */
export async function verifyBackup(config: Config, file: string): Promise<VerifiedBackup> {
  return await verifyBackupOf(path.resolve(file), opensTokenWith(createTokenSeal(config.tokenKeys)));
}

/** A restore as an operator asks for it. */
export type RestoreRequest = {
  file: string;
  overwrite: boolean;
  forget: readonly string[];
  erase: readonly string[];
  onProgress: (progress: MoveProgress) => void;
};

/**
 * Restores a backup into the configured database, which has it written down.
 *
 * @throws {ConfigError} when the keys are not those of the backup.
 * @throws {BackupError}, {MoveError} and {StoreError} as `restoreBackup` of `@perennial/db`.
 */
export async function restore(config: Config, request: RestoreRequest): Promise<RestoreReport> {
  const seal = createTokenSeal(config.tokenKeys);
  const file = path.resolve(request.file);
  refuseLackingKeys(seal, (await verifyBackupOf(file, null)).manifest.keyIds); // before a database is made
  const report = await restoreInto(config.databaseUrl, { ...request, file }, seal);
  await recordAct(config.databaseUrl, "database.restored", {
    backup: report.manifest.id,
    madeAt: report.manifest.madeAt.toISOString(),
    isForced: request.overwrite,
    forgotten: report.forgotten.forgotten,
  });
  return report;
}

async function restoreInto(
  databaseUrl: string,
  request: RestoreRequest,
  seal: TokenSeal,
): Promise<RestoreReport> {
  await using target = await openMovable(databaseUrl, { baseDirectory: workspaceRoot, mayCreate: true });
  return await restoreBackup({
    ...request,
    target,
    opensToken: opensTokenWith(seal),
    refuseOtherKeys: (checks) => refuseOtherKeys(checks, seal),
  });
}

function refuseLackingKeys(seal: TokenSeal, needed: readonly string[]): void {
  const lacking = needed.filter((keyId) => !seal.keyIds.includes(keyId));
  if (lacking.length === 0) return;
  throw new ConfigError(
    lacking.map(
      (keyId) => `TOKEN_KEYS lacks key "${keyId}", without which this backup is of no use; add it at the end`,
    ),
  );
}
