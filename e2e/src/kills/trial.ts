import { connect, type TestWorld } from "@perennial/runtime/testing";

import { startKillableWorker } from "./killable-worker.ts";
import type { Lane } from "./lane.ts";
import { HOLDS, type Hold, type KillPhase } from "./points.ts";

/** What the simulator does with a token that was refreshed. */
export type RotationPolicy = "keep_old" | "same_token" | "revoke_old";

/** One worker killed in one phase of one refresh, and what became of the connection. */
export type KillOutcome = {
  phase: KillPhase;
  policy: RotationPolicy;
  /** `kept`: a working token is handed out. `flagged`: its owner was asked to reconnect. `silent`: neither. */
  end: "kept" | "flagged" | "silent";
  /** The token that is handed out is somebody else's. */
  isWrong: boolean;
  /** From the kill to the next call of another worker; null where the work was done already. */
  takeoverMs: number | null;
  /** From the kill until the connection was as it ended. */
  settledMs: number;
};

const LONGEST_WAIT_MS = 90_000;
const LOOK_EVERY_MS = 50;
/** Longer than a takeover takes, so that nothing passes where all goes well. */
const HICCUP_MS = 20_000;
const FORTY_DAYS = { days: 40 };

/** Kills the lane's worker in a phase of the refresh of a new person's token, and lets the next one take over. */
export async function killOnce(
  lane: Lane,
  trial: { index: number; round: number; phase: KillPhase; policy: RotationPolicy },
): Promise<KillOutcome> {
  const { world } = lane;
  const { phase, policy, index, round } = trial;
  const person = `person-${index}`;
  const professionalId = `178414${String(index).padStart(11, "0")}`;
  world.sim.policy.set({ rotation: policy });
  world.sim.users.add({ key: person, username: person, name: person, professionalId });
  const { userId, connectionId } = await connect(world, person);

  const holds = HOLDS[phase];
  const hold = holds[round % holds.length] ?? holds[0];
  await holdWorker(lane, hold, person);
  const killedAtMs = await lane.worker.kill();
  // In P2 the request gets no further; from P3 on Instagram has done its part.
  const reply = phase === "P2" ? "drop" : "normal";
  for (const { id } of world.sim.gates.list()) if (id !== undefined) world.sim.gates.release(id, { reply });
  lane.worker = await startKillableWorker(lane.environment);

  const ended = endOf(world, { userId, connectionId, killedAtMs });
  await pastHiccups(world, ended);
  const end = await ended;
  const settledMs = Date.now() - killedAtMs;
  const isWrong = end === "kept" && (await ownerOf(world, connectionId)) !== professionalId;
  const next = world.sim
    .ledger()
    .find(({ user, arrivedRealMs }) => user === person && arrivedRealMs > killedAtMs);
  await world.runtime.connections.disconnect({ userId, connectionId });
  const takeoverMs = next === undefined ? null : next.arrivedRealMs - killedAtMs;
  return { phase, policy, end, isWrong, takeoverMs, settledMs };
}

/** Lets the connection fall due, and resolves once the worker stands still in its refresh. */
async function holdWorker({ world, worker }: Lane, hold: Hold, person: string): Promise<void> {
  if (hold.kind === "point") {
    await worker.arm(hold.point);
    world.sim.clock.advance(FORTY_DAYS);
    await pastHiccups(world, worker.reached(hold.point));
    return;
  }
  const gate = world.sim.gates.add({ at: "refresh", point: hold.point, user: person });
  world.sim.clock.advance(FORTY_DAYS);
  await pastHiccups(world, world.sim.gates.waitFor(gate));
}

/** A call that failed on a busy machine is made again only hours later: they pass while something is waited for. */
async function pastHiccups(world: TestWorld, awaited: Promise<unknown>): Promise<void> {
  const hours = setInterval(() => world.sim.clock.advance({ hours: 2 }), HICCUP_MS);
  await awaited.finally(() => clearInterval(hours));
}

type Watched = { userId: string; connectionId: string; killedAtMs: number };

/** Waits for the connection to have a fresh token or a flag. */
async function endOf(world: TestWorld, watched: Watched): Promise<KillOutcome["end"]> {
  const { userId, connectionId, killedAtMs } = watched;
  for (;;) {
    await world.runtime.simulatorClock?.advance(0);
    const { state } = await world.runtime.connections.get(userId, connectionId);
    if (state === "reconnect_required") return "flagged";
    if (state === "healthy") return (await ownerOf(world, connectionId)) === null ? "silent" : "kept";
    if (Date.now() - killedAtMs > LONGEST_WAIT_MS) return "silent";
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Whose token is handed out, as the simulator knows it; null when it does not work. */
async function ownerOf({ sim, runtime }: TestWorld, connectionId: string): Promise<string | null> {
  const { accessToken } = await runtime.connections.handOut({ connectionId, trigger: "api" });
  const query = new URLSearchParams({ fields: "user_id", access_token: accessToken });
  const answer = await fetch(`${sim.origin}/me?${query}`);
  if (!answer.ok) return null;
  const [, id = null] = /"user_id":\s*"?(\d+)/.exec(await answer.text()) ?? [];
  return id;
}
