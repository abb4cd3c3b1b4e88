import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { mapAll } from "./lib/load.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { countOf } from "./lib/options.ts";
import { startSimulatedInstagram, type SimulatedInstagram } from "./lib/simulated-instagram.ts";
import type { Contender } from "./signin/contender.ts";
import { startExpress } from "./signin/express.ts";
import { startPerennial } from "./signin/perennial.ts";
import { measureRefreshes } from "./signin/refreshes.ts";
import {
  compare,
  loadCostText,
  ratioText,
  refreshTable,
  roundTripTable,
  signInTable,
  type Showing,
} from "./signin/report.ts";
import { ROUND_TRIP_SIGN_INS, countRoundTrips } from "./signin/round-trips.ts";
import { runRound } from "./signin/round.ts";

const REQUIRED_RATIO = 2;
const REQUIRED_ROUND_TRIPS = 2;
const MOST_WARM_UP_SIGN_INS = 2000;
const MOST_SWEEPS = 3;

type Settings = {
  signIns: number;
  rounds: number;
  concurrency: number;
  seed: number;
  profileFolder: string | undefined;
};

/** Sign-ins beside a plain Express server's, round trips to Instagram, and refreshes. */
export const signIn: Benchmark = {
  name: "signin",
  summary: "sign-ins and refreshes per second, beside a plain Express server and the bare calls",
  options: [
    "--n <count>            sign-ins per round and server (1000)",
    "--rounds <count>       rounds (5)",
    "--concurrency <count>  sign-ins under way at once (64)",
    "--seed <number>        seed of the simulator (random)",
    "--profile <folder>     writes a processor profile of each server there",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    return await measure(settings, folder, stack);
  },
};

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      n: { type: "string", default: "1000" },
      rounds: { type: "string", default: "5" },
      concurrency: { type: "string", default: "64" },
      seed: { type: "string", default: String(randomInt(1, 2 ** 32)) },
      profile: { type: "string" },
    },
  });
  return {
    signIns: countOf("n", values.n),
    rounds: countOf("rounds", values.rounds),
    concurrency: countOf("concurrency", values.concurrency),
    seed: countOf("seed", values.seed),
    profileFolder: values.profile,
  };
}

async function measure(settings: Settings, folder: string, stack: AsyncDisposableStack): Promise<boolean> {
  const { signIns, rounds, concurrency, seed, profileFolder } = settings;
  console.log(describeMachine());
  console.log(`${rounds} rounds of ${signIns} sign-ins, ${concurrency} at once, simulator seed ${seed}\n`);

  const instagram = stack.use(await startSimulatedInstagram({ folder, seed }));
  const servers = stack.use(new AsyncDisposableStack());
  const options = { folder, instagram, profileFolder };
  const contenders = {
    perennial: servers.use(await startPerennial(options)),
    plain: servers.use(await startExpress({ ...options, setting: "untouched" })),
    full: servers.use(await startExpress({ ...options, setting: "full" })),
    normal: servers.use(await startExpress({ ...options, setting: "normal" })),
  };
  const { showings, people } = await signEverybodyIn(Object.values(contenders), instagram, settings);
  await servers.disposeAsync(); // the refreshes have the machine to themselves
  const showingOf = (contender: Contender): Showing => {
    const showing = showings.get(contender);
    if (showing === undefined) throw new Error(`${contender.name} did not take part.`);
    return showing;
  };
  const ours = showingOf(contenders.perennial);
  const againstPlain = compare(ours, showingOf(contenders.plain));
  const againstFull = compare(ours, showingOf(contenders.full));
  const againstNormal = compare(ours, showingOf(contenders.normal));
  const all = [...showings.values()];
  console.log(`${signInTable(all)}\n`);
  console.log(`Perennial signs in ${ratioText(againstPlain)} as fast as the plain Express server,`);
  console.log(
    `${ratioText(againstFull)} as fast as that server tuned to a log, with commits as durable as ours,`,
  );
  console.log(`and ${ratioText(againstNormal)} as fast as one whose last commits a power cut may forget.`);
  console.log(`Processor time beside the server's, per sign-in: ${loadCostText(all)}\n`);
  console.log(`${roundTripTable(all)}\n`);

  const passes = Math.min(rounds, MOST_SWEEPS);
  console.log(
    `${refreshTable(await measureRefreshes({ instagram, folder, people, passes, profileFolder }))}\n`,
  );
  console.log(`load averages at the end: ${loadAverages()}`);
  return judge(ours, againstPlain.median);
}

/** Every person signs in at every contender, in rounds that alternate between them. */
async function signEverybodyIn(
  contenders: readonly Contender[],
  instagram: SimulatedInstagram,
  { signIns, rounds, concurrency }: Settings,
): Promise<{ showings: Map<Contender, Showing>; people: string[] }> {
  const people: string[] = [];
  const addPeople = async (count: number): Promise<string[]> => {
    const added = await mapAll(Array.from({ length: count }), concurrency, () => instagram.addPerson());
    people.push(...added.results);
    return added.results;
  };

  const warmingUp = await addPeople(Math.min(2 * signIns, MOST_WARM_UP_SIGN_INS));
  for (const contender of contenders) await runRound(contender, instagram, warmingUp, concurrency);
  const oneByOne = await addPeople(ROUND_TRIP_SIGN_INS);
  const roundTrips = await countRoundTrips(contenders, instagram, oneByOne);
  const showings = new Map<Contender, Showing>();
  for (const [contender, counted] of roundTrips) {
    showings.set(contender, { name: contender.name, rounds: [], roundTrips: counted });
  }
  for (let round = 0; round < rounds; round += 1) {
    const newcomers = await addPeople(signIns);
    for (const [contender, showing] of showings) {
      showing.rounds.push(await runRound(contender, instagram, newcomers, concurrency));
    }
  }
  for (const contender of contenders) {
    const accounts = await contender.countAccounts();
    if (accounts === people.length) continue;
    throw new Error(`${contender.name} holds ${accounts} accounts after ${people.length} people signed in.`);
  }
  return { showings, people };
}

/** Says which figure is not what it has to be. */
function judge(ours: Showing, ratio: number): boolean {
  const faults: string[] = [];
  if (ours.roundTrips.count !== REQUIRED_ROUND_TRIPS) {
    faults.push(`a sign-in took ${ours.roundTrips.count} upstream round trips, not ${REQUIRED_ROUND_TRIPS}`);
  }
  if (ratio < REQUIRED_RATIO) {
    faults.push(`sign-ins were ${ratio.toFixed(2)} times as fast as plain Express, not ${REQUIRED_RATIO}`);
  }
  for (const fault of faults) console.log(`Not as it has to be: ${fault}.`);
  return faults.length === 0;
}
