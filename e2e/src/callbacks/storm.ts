import { freePort, openTestWorld, startAppProcess, type TestWorld } from "@perennial/runtime/testing";
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

import { signIn } from "../web-client.ts";
import { signedDeletion } from "./signed-deletion.ts";

/** How sign-ins went, in milliseconds each. */
export type SignInTimes = { count: number; failed: number; p50Ms: number; p99Ms: number };

/** What a storm of callbacks did to people who sign in. */
export type StormReport = {
  sent: number;
  answered: number;
  turnedAway: number;
  unanswered: number;
  calm: SignInTimes;
  storm: SignInTimes;
};

/** Steps in which the rate is kept. */
const STEP_MS = 10;
/** What the storm comes over. */
const SOCKETS = 128;
/** People who sign in side by side. */
const SIGN_INS_AT_ONCE = 4;

/** Sends valid duplicates of one callback at a rate, while people sign in over the same server. */
export async function stormOfCallbacks(options: {
  perSecond: number;
  seconds: number;
}): Promise<StormReport> {
  const { perSecond, seconds } = options;
  await using world = await openTestWorld({
    environment: { SIGN_INS_PER_MINUTE: "100000000", LOG_LEVEL: "info" },
  });
  const port = await freePort();
  await using api = startAppProcess("api", { ...world.environment, API_PORT: String(port) });
  await api.lineWith("api.listening");
  const origin = `http://127.0.0.1:${port}`;
  await signInFor(world, origin, 2_000); // until everything is compiled
  const calm = await signInFor(world, origin, Math.min(10_000, seconds * 1_000));
  const sending = sendStorm(world, origin, { perSecond, seconds });
  const storm = await signInFor(world, origin, seconds * 1_000);
  return { ...(await sending), calm, storm };
}

async function sendStorm(
  { sim }: TestWorld,
  origin: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Omit<StormReport, "calm" | "storm">> {
  const counts = { sent: 0, answered: 0, turnedAway: 0, unanswered: 0 };
  const post = createPost(`${origin}/meta/data-deletion`, signedDeletion(sim, "lena.paints"));
  const underWay = new Set<Promise<void>>();
  const send = async (): Promise<void> => {
    try {
      const status = await post();
      if (status === 200) counts.answered += 1;
      else if (status === 503) counts.turnedAway += 1;
      else counts.unanswered += 1;
    } catch {
      counts.unanswered += 1; // no answer at all
    }
  };
  const startedAtMs = performance.now();
  const total = perSecond * seconds;
  while (counts.sent < total) {
    const due = Math.min(total, ((performance.now() - startedAtMs) / 1_000) * perSecond);
    for (; counts.sent < due; counts.sent += 1) {
      const sent: Promise<void> = send().finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    await pause(STEP_MS);
  }
  await Promise.all(underWay);
  return counts;
}

/** Node's own client: a `fetch` costs several times what the server does for a callback, and would measure itself. */
function createPost(
  url: string,
  { body, headers }: ReturnType<typeof signedDeletion>,
): () => Promise<number | undefined> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const options = { method: "POST", agent, headers: { ...headers, "content-length": body.length } };
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(url, options, (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode));
      });
      sent.once("error", reject).end(body);
    });
}

async function signInFor(world: TestWorld, origin: string, forMs: number): Promise<SignInTimes> {
  const times: number[] = [];
  let failed = 0;
  const endsAtMs = performance.now() + forMs;
  const one = async (): Promise<void> => {
    while (performance.now() < endsAtMs) {
      const startedAtMs = performance.now();
      const session = await signIn(world, origin).catch(() => null);
      if (session !== null) times.push(performance.now() - startedAtMs);
      else failed += 1;
      await pause(20); // people, not a benchmark of their own
    }
  };
  await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, one));
  const sorted = times.sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { count: sorted.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) };
}
