import { openTestWorld, type TestWorld } from "@perennial/runtime/testing";

import { startKillableWorker, type KillableWorker } from "./killable-worker.ts";

/** A database of its own with a worker at it, and an Instagram that does as it is told. */
export type Lane = { world: TestWorld; environment: Record<string, string>; worker: KillableWorker };

/** What a lane is made of. */
export type LaneOptions = {
  leaseSeconds: number;
  /** Makes the lane's database; a SQLite file of its own unless given. */
  databaseUrl?: () => Promise<string>;
};

/** Opens a lane; it ends with the stack. */
export async function openLane(options: LaneOptions, stack: AsyncDisposableStack): Promise<Lane> {
  const database = await options.databaseUrl?.();
  const environment = {
    REFRESH_LEASE_SECONDS: String(options.leaseSeconds),
    // Many lanes share a server: none needs more than a few connections.
    ...(database === undefined ? {} : { DATABASE_URL: `${database}?pool_max=4` }),
  };
  const world = stack.use(await openTestWorld({ environment }));
  const ofWorker = { ...world.environment, LOG_LEVEL: "debug" };
  const lane: Lane = { world, environment: ofWorker, worker: await startKillableWorker(ofWorker) };
  stack.defer(async () => void (await lane.worker.kill()));
  return lane;
}
