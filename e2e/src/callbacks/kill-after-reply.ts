import {
  connect,
  freePort,
  openTestWorld,
  startAppProcess,
  type AppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";

import { signedDeletion } from "./signed-deletion.ts";

/** What came of apis that were killed behind their answers. */
export type CallbackKills = {
  kills: number;
  /** Deletions that were answered before the process was gone. */
  answered: number;
  /** Of those: not worked off yet when it was. */
  unfinished: number;
  /** Of those: never worked off, or about nobody any more. */
  lost: number;
};

/** So many ask at once, so that the kill falls between the answer of one and the work of the next. */
const PEOPLE_EACH = 6;

/**
 * Has people ask for their data to be deleted, and kills the api at its first answer. Whatever it has answered by then has
 * to be worked off by another process afterwards.
 */
export async function killAfterReplies(options: {
  kills: number;
  environment?: Record<string, string>;
  onKill?: (done: number) => void;
}): Promise<CallbackKills> {
  const { kills, environment = {}, onKill = () => undefined } = options;
  await using world = await openTestWorld({ environment });
  const outcome: CallbackKills = { kills, answered: 0, unfinished: 0, lost: 0 };
  for (let kill = 0; kill < kills; kill += 1) {
    const people = await signInPeople(world, kill);
    const codes = await killAtFirstReply(world, [...people.keys()]);
    const { callbacks } = world.runtime.connections;
    for (const code of codes.values()) {
      const status = await callbacks.deletionStatus(code);
      if (status?.state === "in_progress") outcome.unfinished += 1;
    }
    outcome.answered += codes.size;
    await callbacks.settle();
    for (const [user, code] of codes) {
      const status = await callbacks.deletionStatus(code);
      const isGone = await isErased(world, people.get(user) ?? "");
      if (status?.state !== "completed" || !isGone) outcome.lost += 1;
    }
    onKill(kill + 1);
  }
  return outcome;
}

/** New people; gives the connection of each. */
async function signInPeople(world: TestWorld, kill: number): Promise<Map<string, string>> {
  const people = new Map<string, string>();
  for (let number = 0; number < PEOPLE_EACH; number += 1) {
    const key = `leaver.${kill}.${number}`;
    const professionalId = `1784149${String(kill).padStart(5, "0")}${String(number).padStart(5, "0")}`;
    world.sim.users.add({ key, username: key, name: key, professionalId });
    people.set(key, (await connect(world, key)).connectionId);
  }
  return people;
}

/** The confirmation codes of those who were answered. */
async function killAtFirstReply(world: TestWorld, users: readonly string[]): Promise<Map<string, string>> {
  const port = await freePort();
  await using api = startAppProcess("api", { ...world.environment, API_PORT: String(port) });
  await api.lineWith("api.listening");
  const codes = new Map<string, string>();
  await Promise.allSettled(users.map((user) => ask(world, { api, port, user, codes })));
  await api.exited;
  return codes;
}

async function ask(
  world: TestWorld,
  { api, port, user, codes }: { api: AppProcess; port: number; user: string; codes: Map<string, string> },
): Promise<void> {
  const address = `http://127.0.0.1:${port}/meta/data-deletion`;
  const answer = await fetch(address, { method: "POST", ...signedDeletion(world.sim, user) });
  const body = await answer.text();
  api.signal("SIGKILL");
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${body}`);
  codes.set(user, (JSON.parse(body) as { confirmation_code: string }).confirmation_code);
}

async function isErased({ runtime }: TestWorld, connectionId: string): Promise<boolean> {
  return await runtime.connections.findConnection(connectionId).then(
    () => false,
    () => true,
  );
}
