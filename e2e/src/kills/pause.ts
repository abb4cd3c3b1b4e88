import { openStore, type Store } from "@perennial/db";
import { connect } from "@perennial/runtime/testing";

import { openLane, type LaneOptions } from "./lane.ts";
import { startKillableWorker } from "./killable-worker.ts";

const LOOK_EVERY_MS = 50;

/** What came of pauses. */
export type PauseReport = {
  pauses: number;
  /** Times that a worker which had slept through its lease changed what another had written since. */
  staleCommits: number;
  /** Times that its own attempt was told that it had lost the lease. */
  refused: number;
};

/**
 * Pauses a worker for twice its lease while Instagram's answer is on its way to it, lets another worker take
 * over and renew the token, and wakes it up again: its answer comes too late.
 */
export async function pauseAndResume(options: LaneOptions & { pauses: number }): Promise<PauseReport> {
  await using stack = new AsyncDisposableStack();
  const lane = await openLane(options, stack);
  const { world } = lane;
  const report: PauseReport = { pauses: 0, staleCommits: 0, refused: 0 };
  await using store = await openStore(world.config.databaseUrl);
  for (let index = 0; index < options.pauses; index += 1) {
    const person = `sleeper-${index}`;
    world.sim.users.add({ key: person, username: person, name: person });
    const { userId, connectionId } = await connect(world, person);
    const gate = world.sim.gates.add({ at: "refresh", point: "after_process", user: person, times: 1 });
    world.sim.clock.advance({ days: 40 });
    const waiting = await world.sim.gates.waitFor(gate);
    lane.worker.pause();
    const other = await startKillableWorker(lane.environment);
    await untilRenewed(store, connectionId);
    await new Promise((resolve) => setTimeout(resolve, 2_000 * options.leaseSeconds));
    const before = await store.findConnectionById(connectionId);
    lane.worker.resume();
    world.sim.gates.release(waiting.id);
    await lane.worker.says('"event":"connection.lease_lost"');
    const after = await store.findConnectionById(connectionId);
    report.pauses += 1;
    report.refused += 1;
    if (before?.version !== after?.version || before?.sealedToken !== after?.sealedToken)
      report.staleCommits += 1;
    await other.kill();
    await world.runtime.connections.disconnect({ userId, connectionId });
  }
  return report;
}

/** Waits until a refresh was committed. */
async function untilRenewed(store: Store, connectionId: string): Promise<void> {
  for (;;) {
    const connection = await store.findConnectionById(connectionId);
    // The token of the sign-in is the previous one then.
    if (connection !== null && connection.previousSealedToken !== null) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
