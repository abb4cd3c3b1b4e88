import { createTokenSeal, type TokenSeal } from "@perennial/connections";
import {
  abandonMove as abandonMoveOf,
  moveHouse as moveHouseOf,
  openMovable,
  type KeyCheck,
  type Movable,
  type MoveReport,
  type OnProgress,
} from "@perennial/db";

import { refuseOtherKeys } from "./check-keys.ts";
import type { Config } from "./config.ts";
import { databaseAddress } from "./environment-schema.ts";
import { workspaceRoot } from "./environment.ts";
import { opensTokenWith } from "./opens-token.ts";
import { recordAct } from "./record-act.ts";

/** From where to where. The addresses may hold passwords: not for messages or logs. */
export type MoveAddresses = { from: string; to: string };

/** A move as an operator asks for it. */
export type MoveRequest = MoveAddresses & { drain: boolean; onProgress: OnProgress };

const MOST_KEYS = 1_000;

/** Whether a text is an address that a database can have. */
export function isDatabaseAddress(text: string): boolean {
  return databaseAddress.safeParse(text).success;
}

/**
 * Moves everything Perennial keeps from one database into another, opens every token there with the keys of the
 * configuration, and leaves the source sealed. What was cut off is resumed by the same call. The source has it written
 * down that this began, and the target that it was done.
 *
 * @throws {ConfigError} when the keys are not those of the source.
 * @throws {MoveError} and {StoreError} as `moveHouse` of `@perennial/db`.
 */
export async function moveHouse(config: Config, request: MoveRequest): Promise<MoveReport> {
  const report = await move(request, createTokenSeal(config.tokenKeys));
  if (report.kind === "moved") {
    const rows = Object.values(report.tables).reduce((sum, table) => sum + table.rows, 0);
    await recordAct(request.to, "database.moved", { rows, tokensOpened: report.tokensOpened });
  }
  return report;
}

async function move(request: MoveRequest, seal: TokenSeal): Promise<MoveReport> {
  await using source = await openAt(request.from, false);
  await using target = await openAt(request.to, true);
  refuseOtherKeys((await source.readPage("keyChecks", null, MOST_KEYS)) as KeyCheck[], seal);
  // Before it is sealed: from then on nothing can be written there.
  if ((await source.findHouse()).guard === "open")
    await recordAct(request.from, "database.move_begun", { isDrained: request.drain });
  return await moveHouseOf({
    source,
    target,
    drain: request.drain,
    onProgress: request.onProgress,
    opensToken: opensTokenWith(seal),
  });
}

/**
 * Gives up a move that was not finished, so that the source takes writes again, and has it written down.
 *
 * @throws {MoveError} when there is none, or it was finished.
 */
export async function abandonMove({ from, to }: { from: string; to: string | null }): Promise<void> {
  await using source = await openAt(from, false);
  await using target = to === null ? null : await openAt(to, false);
  await abandonMoveOf({ source, target });
  await recordAct(from, "database.move_abandoned", {});
}

function openAt(address: string, mayCreate: boolean): Promise<Movable> {
  return openMovable(address, { baseDirectory: workspaceRoot, mayCreate });
}
