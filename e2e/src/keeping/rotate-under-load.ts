import { openStore, type Store } from "@perennial/db";
import { startAppProcess } from "@perennial/runtime/testing";
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";

import { drawKeys, furnishSealed, tokenOf, type Keys } from "./sealed-house.ts";

/** What came of a rotation. */
export type RotationOutcome = {
  kills: number;
  reads: number;
  failedReads: number;
  /** The time of each read, in milliseconds. */
  readMs: number[];
  /** Texts that do not open in the end, or that the wrong key holds. */
  unreadable: number;
  /** Of the runs of the command, with its start and those that were killed. */
  seconds: number;
  rewrapped: number;
};

const READERS = 4;
const LATEST_KILL_MS = 150;

/**
 * Rotates the key of a house while its tokens are read and opened, by the command itself, which is killed at random
 * moments. Whenever it comes to its end before all kills are spent, it rotates back.
 */
export async function rotateUnderLoad(input: {
  databaseUrl: string;
  connections: number;
  kills: number;
  random: () => number;
}): Promise<RotationOutcome> {
  const { databaseUrl, connections, kills, random } = input;
  const keys = drawKeys();
  await furnishSealed(databaseUrl, connections, keys);
  await using store = await openStore(databaseUrl);
  const total = (await store.countSealed()).reduce((sum, { rows }) => sum + rows, 0);
  const outcome: RotationOutcome = {
    kills: 0,
    reads: 0,
    failedReads: 0,
    readMs: [],
    unreadable: 0,
    seconds: 0,
    rewrapped: 0,
  };
  const reading = { isOver: false };
  const ids = await readableIds(store);
  const readers = Array.from({ length: READERS }, () =>
    keepReading({ store, keys, ids, random, reading, outcome }),
  );
  let to: "k1" | "k2" = "k2";
  for (;;) {
    const startedMs = performance.now();
    const isLast = outcome.kills >= kills;
    await using cli = startAppProcess("cli", keys.environment(databaseUrl, to), [
      "rotate-keys",
      "--rewrap",
      "--json",
    ]);
    if (!isLast) {
      await Promise.race([cli.lineWith("rewrapped"), cli.exited]);
      await pause(random() * LATEST_KILL_MS);
      cli.signal("SIGKILL");
    }
    const { code, signal } = await cli.exited;
    outcome.seconds += (performance.now() - startedMs) / 1_000;
    if (signal === "SIGKILL") outcome.kills += 1;
    else if (code !== 0) throw new Error(`The rotation ended with ${code}:\n${cli.lines.join("\n")}`);
    if (isLast) break;
    if (signal === null) {
      outcome.rewrapped += total;
      to = to === "k2" ? "k1" : "k2";
    }
  }
  outcome.rewrapped += total;
  reading.isOver = true;
  await Promise.all(readers);
  outcome.unreadable = await countUnreadable(store, keys, to);
  return outcome;
}

type Reading = {
  store: Store;
  keys: Keys;
  ids: readonly string[];
  random: () => number;
  reading: { isOver: boolean };
  outcome: RotationOutcome;
};

async function readableIds(store: Store): Promise<string[]> {
  const rows = await store.pageConnections({ after: null, limit: 1_000_000 });
  return rows.filter(({ status }) => status !== "disconnected").map(({ id }) => id);
}

/** Reads a token and opens it, as a hand-out does, over and over. */
async function keepReading({ store, keys, ids, random, reading, outcome }: Reading): Promise<void> {
  while (!reading.isOver) {
    const startedMs = performance.now();
    const record = await store.findConnectionById(ids[Math.floor(random() * ids.length)] ?? "");
    outcome.reads += 1;
    try {
      const { id = "", flavour = "", sealedToken } = record ?? {};
      const token = keys.seal.open(sealedToken ?? "", { connectionId: id, flavour });
      if (token !== tokenOf(id)) outcome.failedReads += 1;
    } catch {
      outcome.failedReads += 1;
    }
    outcome.readMs.push(performance.now() - startedMs);
    await (outcome.reads % 10 === 0 ? pause(1) : turn()); // leaves the machine to the rotation, too
  }
}

async function countUnreadable(store: Store, { seal }: Keys, keyId: string): Promise<number> {
  let unreadable = 0;
  for (const counted of await store.countSealed()) if (counted.keyId !== keyId) unreadable += counted.rows;
  for (const column of ["connections.sealed_token", "connections.previous_sealed_token"] as const) {
    for (const { id, flavour, sealed } of await store.pageSealed({
      column,
      notWith: "",
      after: null,
      limit: 1_000_000,
    })) {
      try {
        if (seal.open(sealed, { connectionId: id, flavour: flavour ?? "" }) !== tokenOf(id)) unreadable += 1;
      } catch {
        unreadable += 1;
      }
    }
  }
  return unreadable;
}
