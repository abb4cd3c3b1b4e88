import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { awaitNoLease, refuseWhileAtWork } from "./await-quiet.ts";
import { checkTokens, type OpensToken } from "./check-tokens.ts";
import { compareTable } from "./compare-table.ts";
import { copyTable, type CopiedTable, type Journey } from "./copy-table.ts";
import { MoveError } from "./errors.ts";
import { judgeHouses } from "./judge-houses.ts";
import type { GuardState, House, Movable } from "./movable.ts";
import type { OnProgress } from "./progress.ts";
import { refuseOthers } from "./refuse-others.ts";
import { MOVED_TABLE_NAMES, type MovedTable } from "./rows.ts";

/** What a move needs. */
export type MoveHouseInput = {
  source: Movable;
  target: Movable;
  /** Keep servers that run from writing, rather than refuse to move under them. */
  drain: boolean;
  opensToken: OpensToken;
  onProgress?: OnProgress;
  /** Rows that are read from each end at once; as many as memory may hold unless given. */
  pageRows?: number;
  /** How time passes while leases end. */
  pause?: (ms: number) => Promise<void>;
};

/** What was done to a table, and how many rows it has at both ends. */
export type MovedTableReport = CopiedTable & { rows: number };

/** How a move went. `finished_before`: the same move was done already; nothing was touched. */
export type MoveReport =
  | { kind: "finished_before" }
  | {
      kind: "moved";
      /** Whether it went on with one that had been cut off. */
      isResumed: boolean;
      tables: Record<MovedTable, MovedTableReport>;
      tokensOpened: number;
    };

/**
 * Moves everything that is kept from one database into another. From the start of the copy on the source can
 * only be read, and stays so; the target takes writes once it was compared with the source row by row and every
 * token in it was opened. Each step is one transaction and can be done again: a move that was cut off anywhere is
 * resumed by the same call.
 *
 * @throws {MoveError} when it may not begin or cannot end; see `MoveErrorCode`.
 * @throws {StoreError} as the store itself.
 */
export async function moveHouse(input: MoveHouseInput): Promise<MoveReport> {
  const { source, target, drain, opensToken, onProgress = () => undefined, pageRows, pause = wait } = input;
  const houses = { source: await source.findHouse(), target: await target.findHouse() };
  if (houses.source.id === houses.target.id) {
    throw new MoveError(
      "same_database",
      "Both addresses lead to the same database, or to one and a copy of its file.",
    );
  }
  const { kind, mayHoldOthers } = judgeHouses(houses.source, houses.target);
  if (kind === "finished") return { kind: "finished_before" };

  const ends = [
    { at: "source", end: source, house: houses.source },
    { at: "target", end: target, house: houses.target },
  ] as const;
  for (const { at, end, house } of ends) {
    if (house.guard !== "open" && house.guard !== "draining") continue; // nobody can write there anyway
    if (!drain) await refuseWhileAtWork({ at, end });
    else await onProgress({ step: "at_work", at, atWork: await end.findAtWork() });
  }
  await checkTokens({ end: source, at: "source", opensToken, onProgress, pageRows });
  if (mayHoldOthers) await refuseOthers(source, target);

  const moveId = kind === "fresh" ? randomUUID() : (houses.source.moveId ?? randomUUID());
  const journey: Journey = { source, target, moveId, onProgress, pageRows };
  const sealed = await sealSource(journey, houses, { drain, pause });
  await prepareTarget(journey, houses, mayHoldOthers);
  await onProgress({ step: "sealed", isResumed: kind === "resumed" });

  const copied = new Map<MovedTable, CopiedTable>();
  for (const table of MOVED_TABLE_NAMES) copied.set(table, await copyTable(journey, table));
  const reports: [MovedTable, MovedTableReport][] = [];
  for (const table of MOVED_TABLE_NAMES) {
    const { written, deleted } = copied.get(table) ?? { written: 0, deleted: 0 };
    reports.push([table, { rows: await compareTable(journey, table), written, deleted }]);
  }
  const tokensOpened = await checkTokens({ end: target, at: "target", opensToken, onProgress, pageRows });
  await finish(journey, sealed, houses);
  await onProgress({ step: "finished" });
  const tables = Object.fromEntries(reports) as Record<MovedTable, MovedTableReport>;
  return { kind: "moved", isResumed: kind === "resumed", tables, tokensOpened };
}

type Houses = { source: House; target: House };

async function wait(ms: number): Promise<void> {
  await delay(ms);
}

/** Ends every way to write to the source, once nothing that is in flight could get lost by it. */
async function sealSource(
  { source, moveId, onProgress }: Journey,
  houses: Houses,
  { drain, pause }: { drain: boolean; pause: (ms: number) => Promise<void> },
): Promise<GuardState> {
  let now: GuardState = houses.source;
  const to = (guard: "draining" | "sealed"): GuardState => ({
    guard,
    moveId,
    counterpartId: houses.target.id,
  });
  if (now.guard === "sealed" || now.guard === "moved") return now;
  if (now.guard === "open" && !drain) {
    if (await source.changeGuard({ from: now, to: to("sealed"), onlyIfIdle: true })) return to("sealed");
    await refuseWhileAtWork({ at: "source", end: source }); // somebody came since the first look
    throw takenOver("source");
  }
  if (now.guard === "open") {
    await change(source, "source", now, to("draining"));
    now = to("draining");
  }
  await awaitNoLease({ at: "source", end: source }, onProgress, pause);
  await change(source, "source", now, to("sealed"));
  return to("sealed");
}

/** From here on nobody but this move writes to the target. */
async function prepareTarget(
  { source, target, moveId }: Journey,
  houses: Houses,
  mayHoldOthers: boolean,
): Promise<void> {
  const before = houses.target;
  if (before.guard === "receiving" && before.moveId === moveId) return;
  const receiving: GuardState = { guard: "receiving", moveId, counterpartId: houses.source.id };
  await change(target, "target", before, receiving);
  if (!mayHoldOthers) return;
  try {
    await refuseOthers(source, target); // who signed in there since the first look
  } catch (error) {
    await target.changeGuard({ from: receiving, to: before });
    throw error;
  }
}

/**
 * The source goes first: once it says that it was moved there is no way back but to move back, and only then is the
 * target opened. Never do both take writes.
 */
async function finish(
  { source, target, moveId }: Journey,
  sealed: GuardState,
  houses: Houses,
): Promise<void> {
  if (sealed.guard !== "moved") await change(source, "source", sealed, { ...sealed, guard: "moved" });
  const receiving: GuardState = { guard: "receiving", moveId, counterpartId: houses.source.id };
  await change(target, "target", receiving, { ...receiving, guard: "open" });
}

async function change(
  end: Movable,
  at: "source" | "target",
  from: GuardState,
  to: GuardState,
): Promise<void> {
  const { guard, moveId, counterpartId } = to;
  if (!(await end.changeGuard({ from, to: { guard, moveId, counterpartId } }))) throw takenOver(at);
}

function takenOver(at: "source" | "target"): MoveError {
  return new MoveError("taken_over", `The state of the ${at} was changed by somebody else meanwhile.`);
}
