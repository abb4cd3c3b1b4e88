import { performAll } from "../lib/load.ts";
import { median } from "../lib/statistics.ts";
import type { SimulatedInstagram } from "../lib/simulated-instagram.ts";
import type { AllowedSignIn, Contender } from "./contender.ts";
import { allowAll, expectChain } from "./round.ts";

/** How long every answer of Instagram's takes while round trips are counted. */
export const ANSWER_DELAY_MS = 100;

/** How many people sign in one by one. */
export const ROUND_TRIP_SIGN_INS = 10;

/** Round trips to Instagram that a sign-in waits for one after the other, told by how long it takes. */
export type RoundTrips = { count: number; medianMs: number };

/**
 * Times single sign-ins, one after the other at each contender, while every answer takes 100 ms. The
 * contenders take their turns at the same time: nearly all of it is waiting.
 */
export async function countRoundTrips<C extends Contender>(
  contenders: readonly C[],
  instagram: SimulatedInstagram,
  people: readonly string[],
): Promise<Map<C, RoundTrips>> {
  const ready: { contender: C; allowed: AllowedSignIn[] }[] = [];
  for (const contender of contenders) {
    const begun = await Promise.all(people.map(() => contender.begin()));
    ready.push({ contender, allowed: await allowAll(instagram, begun, people, 1) });
  }
  await instagram.forgetCalls();
  await instagram.delayAnswers(ANSWER_DELAY_MS);
  const counted = await Promise.all(
    ready.map(async ({ contender, allowed }) => [contender, await timeEach(contender, allowed)] as const),
  );
  await instagram.answerAtOnce();
  expectChain(await instagram.countCalls(), contenders.length * people.length, "The contenders");
  return new Map(counted);
}

async function timeEach(contender: Contender, allowed: readonly AllowedSignIn[]): Promise<RoundTrips> {
  const { latenciesMs } = await performAll(allowed, 1, (signIn) => contender.complete(signIn));
  const medianMs = median(latenciesMs);
  return { count: Math.floor(medianMs / ANSWER_DELAY_MS), medianMs };
}
