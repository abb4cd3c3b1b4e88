import { startPostgresServer } from "@perennial/db/testing";
import { killAfterReplies, stormOfCallbacks, type SignInTimes } from "@perennial/e2e/callbacks";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { countOf, engineOf, numberOf } from "./lib/options.ts";

/** However many callbacks come, people are signed in within this. */
const MOST_SIGN_IN_P99_MS = 1_000;

/** Meta's callbacks: apis that are killed behind their answers, and a storm while people sign in. */
export const callbacks: Benchmark = {
  name: "callbacks",
  summary:
    "Meta's callbacks: what an api loses that is killed behind its answer, and a storm while people sign in",
  options: [
    "--kills <count>     apis that are killed at their first answer (100)",
    "--engine <name>     sqlite or postgres, for the kills (sqlite)",
    "--rate <count>      callbacks a second in the storm (1000)",
    "--seconds <count>   how long it lasts; 0 leaves it out (60)",
  ],
  run: async (args, stack) => {
    const { values } = parseArgs({
      args,
      options: {
        kills: { type: "string", default: "100" },
        engine: { type: "string", default: "sqlite" },
        rate: { type: "string", default: "1000" },
        seconds: { type: "string", default: "60" },
      },
    });
    const engine = engineOf(values.engine);
    const [kills, seconds] = [numberOf("kills", values.kills), numberOf("seconds", values.seconds)];
    const perSecond = countOf("rate", values.rate);
    console.log(describeMachine());
    const faults: string[] = [];
    if (kills > 0) {
      const server = engine === "postgres" ? stack.use(await startPostgresServer()) : null;
      const environment = server === null ? {} : { DATABASE_URL: await server.createDatabase() };
      const outcome = await killAfterReplies({
        kills,
        environment,
        onKill: (done) => void (process.stderr.isTTY && process.stderr.write(`\r${done} of ${kills} `)),
      });
      console.log(
        `${engine}: ${kills} kills, ${outcome.answered} deletions answered before, ${outcome.unfinished} of them not ` +
          `worked off by then, ${outcome.lost} lost`,
      );
      if (outcome.lost > 0) faults.push(`${outcome.lost} deletions lost`);
    }
    if (seconds > 0) {
      const report = await stormOfCallbacks({ perSecond, seconds });
      const { sent, answered, turnedAway, unanswered, calm, storm } = report;
      console.log(
        `storm: ${sent} callbacks in ${seconds} s, ${answered} answered, ${turnedAway} told to come again, ${unanswered} not`,
      );
      console.log(`sign-ins before: ${describe(calm)}\nsign-ins within: ${describe(storm)}`);
      if (storm.failed > 0) faults.push(`${storm.failed} sign-ins failed`);
      if (!(storm.p99Ms <= MOST_SIGN_IN_P99_MS)) faults.push(`sign-in p99 ${storm.p99Ms.toFixed(0)} ms`);
      if (unanswered > 0) faults.push(`${unanswered} callbacks without an answer`);
    }
    console.log(`load averages at the end: ${loadAverages()}`);
    for (const fault of faults) console.log(`not as required: ${fault}`);
    return faults.length === 0;
  },
};

function describe({ count, failed, p50Ms, p99Ms }: SignInTimes): string {
  return `${count}, ${failed} failed, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
}
