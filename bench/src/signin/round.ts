import { mapAll, performAll } from "../lib/load.ts";
import type { SimulatedInstagram } from "../lib/simulated-instagram.ts";
import type { AllowedSignIn, BegunSignIn, Contender } from "./contender.ts";

/** Processor time of one stage, in milliseconds, by who used it. */
type CpuMs = { server: number; simulator: number; driver: number };

/** One stage of a round: all its requests, and what they cost. */
export type Stage = { elapsedMs: number; latenciesMs: number[]; cpuMs: CpuMs };

/** One round of one contender. `begin` is null where the server is not asked. */
export type Round = { signIns: number; begin: Stage | null; complete: Stage };

/** What the chain of one sign-in asks of Instagram, at every contender. */
const CALLS_PER_SIGN_IN = { code: 1, exchange: 1, me: 2 };

/**
 * Signs these people in. Authorization codes are fetched between the two stages, so that no stage holds
 * anything but the server's own work.
 *
 * @throws when a single sign-in failed, or made other upstream calls than the chain has.
 */
export async function runRound(
  contender: Contender,
  instagram: SimulatedInstagram,
  people: readonly string[],
  concurrency: number,
): Promise<Round> {
  try {
    return await measureRound(contender, instagram, people, concurrency);
  } catch (error) {
    throw new Error(`A round of ${contender.name} failed. It had said:\n${contender.process.log()}`, {
      cause: error,
    });
  }
}

async function measureRound(
  contender: Contender,
  instagram: SimulatedInstagram,
  people: readonly string[],
  concurrency: number,
): Promise<Round> {
  const begun: BegunSignIn[] = [];
  const beginStage = await measure(contender, instagram, async () => {
    const { results, load } = await mapAll(people, concurrency, () => contender.begin());
    begun.push(...results);
    return load;
  });
  const allowed = await allowAll(instagram, begun, people, concurrency);

  await instagram.forgetCalls();
  const complete = await measure(contender, instagram, () =>
    performAll(allowed, concurrency, (signIn) => contender.complete(signIn)),
  );
  expectChain(await instagram.countCalls(), people.length, contender.name);
  return { signIns: people.length, begin: contender.asksServerToBegin ? beginStage : null, complete };
}

/** Every person presses "Allow". */
export async function allowAll(
  instagram: SimulatedInstagram,
  begun: readonly BegunSignIn[],
  people: readonly string[],
  concurrency: number,
): Promise<AllowedSignIn[]> {
  const { results } = await mapAll([...begun.entries()], concurrency, async ([index, signIn]) => {
    const person = people[index];
    if (person === undefined) throw new Error("There are more sign-ins than people.");
    return {
      cookie: signIn.cookie,
      redirect: await instagram.allow(signIn.authorizationUrl, person),
    };
  });
  return results;
}

/** @throws when the calls are not those of so many whole sign-ins. */
export function expectChain(calls: Record<string, number>, signIns: number, name: string): void {
  const expected = Object.entries(CALLS_PER_SIGN_IN).map(([endpoint, count]) => [endpoint, count * signIns]);
  const seen = Object.entries(calls).toSorted(([a], [b]) => a.localeCompare(b));
  if (JSON.stringify(seen) === JSON.stringify(expected)) return;
  throw new Error(`${name}: ${signIns} sign-ins made these upstream calls: ${JSON.stringify(calls)}.`);
}

async function measure(
  contender: Contender,
  instagram: SimulatedInstagram,
  work: () => Promise<{ elapsedMs: number; latenciesMs: number[] }>,
): Promise<Stage> {
  const before = await readCpu(contender, instagram);
  const load = await work();
  const after = await readCpu(contender, instagram);
  return {
    ...load,
    cpuMs: {
      server: after.server - before.server,
      simulator: after.simulator - before.simulator,
      driver: after.driver - before.driver,
    },
  };
}

async function readCpu(contender: Contender, instagram: SimulatedInstagram): Promise<CpuMs> {
  const server = await contender.process.cpuMs();
  const simulator = await instagram.process.cpuMs();
  const { user, system } = process.cpuUsage();
  return { server, simulator, driver: (user + system) / 1000 };
}
