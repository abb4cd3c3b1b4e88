import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import {
  REDIS_ENTRY,
  startConstant,
  startExpress,
  startFloor,
  startPerennial,
  type Contender,
} from "./handout/contenders.ts";
import { drive } from "./handout/drive.ts";
import { startRedis } from "./handout/redis-server.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { countOf } from "./lib/options.ts";
import { median, quantile } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const REQUIRED_OF_FLOOR = 0.7;
const REQUIRED_OF_EXPRESS = 2;
/** Their code is compiled by then. */
const WARM_UP_REQUESTS = 20_000;

/** One round of one contender. */
type Round = { requestsPerSecond: number; p50Ms: number; p99Ms: number; cpuMicros: number };

type Showing = { contender: Contender; rounds: Round[] };

/** `pnpm bench handout` */
export const handOut: Benchmark = {
  name: "handout",
  summary: "tokens per second over /v1, against bare node:http and against Express with Redis",
  options: [
    "--n <requests>     of each round (20000)",
    "--rounds <count>   that alternate between the servers (7)",
    "--connections <n>  at once (32)",
    "--stored <count>   other connections in the database (10000)",
    "--profile <folder> writes a processor profile of the api there",
  ],
  run: async (args, stack) => {
    const { values } = parseArgs({
      args,
      options: {
        n: { type: "string", default: "20000" },
        rounds: { type: "string", default: "7" },
        connections: { type: "string", default: "32" },
        stored: { type: "string", default: "10000" },
        profile: { type: "string" },
      },
    });
    const requests = countOf("n", values.n);
    const rounds = countOf("rounds", values.rounds);
    const connections = countOf("connections", values.connections);
    const stored = countOf("stored", values.stored);
    console.log(describeMachine());
    console.log(
      `${rounds} rounds of ${requests} requests over ${connections} connections; ${stored} other tokens\n`,
    );

    const folder = mkdtempSync(path.join(tmpdir(), "perennial-handout-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const contenders = await startAll(folder, stack, { stored, profileFolder: values.profile });
    const showings = contenders.map((contender): Showing => ({ contender, rounds: [] }));
    for (const { asking } of contenders)
      await drive(asking, connections, Math.min(WARM_UP_REQUESTS, requests));
    for (let round = 0; round < rounds; round += 1) {
      for (const showing of showings)
        showing.rounds.push(await runRound(showing.contender, connections, requests));
    }
    console.log(`${tableOf(showings)}\n\nload averages at the end: ${loadAverages()}`);
    return judge(showings);
  },
};

async function startAll(
  folder: string,
  stack: AsyncDisposableStack,
  options: { stored: number; profileFolder: string | undefined },
): Promise<Contender[]> {
  const add = (contender: Contender): Contender => {
    stack.use(contender.process);
    return contender;
  };
  const contenders = [
    add(await startPerennial(folder, options)),
    add(await startFloor(folder, options.stored)),
    add(await startConstant(folder)),
  ];
  const redis = await startRedis(folder, REDIS_ENTRY);
  if (redis === null) {
    console.log(
      "There is no redis-server on the path (Debian: apt install redis-server): Express is left out.\n",
    );
    return contenders;
  }
  stack.use(redis);
  return [...contenders, add(await startExpress(folder, redis.url))];
}

async function runRound(
  { asking, process }: Contender,
  connections: number,
  requests: number,
): Promise<Round> {
  const before = await process.cpuMs();
  const { requestsPerSecond, latenciesMs } = await drive(asking, connections, requests);
  const cpuMicros = (((await process.cpuMs()) - before) * 1_000) / requests;
  return {
    requestsPerSecond,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMicros,
  };
}

function tableOf(showings: readonly Showing[]): string {
  const [ours] = showings;
  const rows = showings.map((showing) => {
    const of = (pick: (round: Round) => number) => median(showing.rounds.map(pick));
    return [
      showing.contender.name,
      of((round) => round.requestsPerSecond).toFixed(0),
      ours === undefined ? "" : `${ratio(ours, showing).toFixed(2)}×`,
      `${of((round) => round.p50Ms).toFixed(2)} ms`,
      `${of((round) => round.p99Ms).toFixed(2)} ms`,
      `${of((round) => round.cpuMicros).toFixed(0)} µs`,
    ];
  });
  return table([["", "requests/s", "ours against it", "p50", "p99", "CPU of the server"], ...rows]);
}

/** The median over the rounds, each against its neighbour in time: the machine does other things too. */
function ratio(ours: Showing, other: Showing): number {
  const pairs = ours.rounds.map((round, index) => [round, other.rounds[index]] as const);
  return median(pairs.map(([a, b]) => a.requestsPerSecond / (b?.requestsPerSecond ?? Number.NaN)));
}

function judge(showings: readonly Showing[]): boolean {
  const [ours, floor, limit, express] = showings;
  if (ours === undefined || floor === undefined || limit === undefined) return false;
  const faults: string[] = [];
  const ofFloor = ratio(ours, floor);
  if (ofFloor < REQUIRED_OF_FLOOR)
    faults.push(`${ofFloor.toFixed(2)} of bare node:http, not ${REQUIRED_OF_FLOOR}`);
  const ofExpress = express === undefined ? null : ratio(ours, express);
  if (express !== undefined && ofExpress !== null && ofExpress < REQUIRED_OF_EXPRESS) {
    const most = ratio(limit, express).toFixed(2);
    faults.push(
      `${ofExpress.toFixed(2)} times Express with Redis, not ${REQUIRED_OF_EXPRESS}; a constant comes to ${most}`,
    );
  }
  for (const fault of faults) console.log(`Not as it has to be: ${fault}.`);
  return faults.length === 0;
}
