import { afterAll } from "vitest";

import { furnishMovable } from "../../testing/furnish.ts";
import { temporaryDirectory } from "../../testing/temporary-directory.ts";
import { createTestDatabase } from "../../testing/vitest.ts";
import type { Movable } from "../movable.ts";
import { moveHouse, type MoveHouseInput } from "../move-house.ts";
import { openMovable } from "../open-movable.ts";
import type { MoveProgress } from "../progress.ts";
import { MOVED_TABLE_NAMES, type MovedRow } from "../rows.ts";

/** An engine that a database of a test can have. */
export type EngineName = "SQLite" | "Postgres";

/** Every way from engine to engine. */
export const WAYS: readonly [EngineName, EngineName][] = [
  ["SQLite", "Postgres"],
  ["Postgres", "SQLite"],
  ["SQLite", "SQLite"],
  ["Postgres", "Postgres"],
];

/** One for each test file: the files of a run may share this module. */
let cleanUp = new AsyncDisposableStack();
let files = 0;

/** The address of a fresh, empty database, gone after the tests of the file. */
export async function freshDatabase(engine: EngineName): Promise<string> {
  if (engine === "Postgres") return cleanUp.use(await createTestDatabase()).url;
  files += 1;
  return `file:${cleanUp.use(temporaryDirectory()).path}/${files}.db`;
}

/** Removes what `freshDatabase` made; to be called once in each test file. */
export function removeDatabasesAfterAll(): void {
  afterAll(async () => {
    const ofThisFile = cleanUp;
    cleanUp = new AsyncDisposableStack();
    await ofThisFile.disposeAsync();
  });
}

/** Opens a database as one end of a move. */
export function open(address: string, leaseNow?: () => number): Promise<Movable> {
  return openMovable(address, {
    baseDirectory: "/",
    mayCreate: true,
    ...(leaseNow === undefined ? {} : { leaseNow }),
  });
}

/** Two fresh databases, of which the first one is lived in. */
export async function openTwoEnds([from, to]: readonly [EngineName, EngineName], connections: number) {
  const addresses = { source: await freshDatabase(from), target: await freshDatabase(to) };
  const stack = new AsyncDisposableStack();
  const source = stack.use(await open(addresses.source));
  const target = stack.use(await open(addresses.target));
  await furnishMovable(source, { connections });
  return {
    addresses,
    source,
    target,
    move: (overrides: Partial<MoveHouseInput> = {}) =>
      moveHouse({ source, target, drain: false, opensToken: () => true, ...overrides }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Everything a database holds that moves. */
export async function contentOf(end: Movable): Promise<Record<string, MovedRow[]>> {
  const content: Record<string, MovedRow[]> = {};
  for (const table of MOVED_TABLE_NAMES) content[table] = await end.readPage(table, null, 100_000);
  return content;
}

/** Cuts a move off at a step, as a kill does. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** An `onProgress` that cuts a move off as soon as it comes to a step. */
export function killAt(step: MoveProgress["step"]): (progress: MoveProgress) => void {
  return (progress) => {
    if (progress.step === step) throw new Killed();
  };
}
