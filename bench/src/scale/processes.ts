import type { PostgresServer } from "@perennial/db/testing";

import { mapAll } from "../lib/load.ts";
import { startSimulatedInstagram, type SimulatedInstagram } from "../lib/simulated-instagram.ts";
import { median } from "../lib/statistics.ts";
import { table } from "../lib/table.ts";
import type { Contender } from "../signin/contender.ts";
import { startPerennial } from "../signin/perennial.ts";
import { DAYS_UNTIL_ALL_ARE_DUE, expectRefreshes, sweepOnce } from "../signin/refreshes.ts";
import { runRound, type Round } from "../signin/round.ts";

const CONCURRENCY = 16;
const WORKERS = [1, 2, 4] as const;
/** About what a call to Meta takes. */
const ANSWER_MS = 200;

type Plan = { server: PostgresServer; folder: string; people: number; rounds: number; seed: number };

/** Prints sign-ins and refreshes per second by the number of processes on one Postgres, beside SQLite. */
export async function reportProcesses({ server, folder, people, rounds, seed }: Plan): Promise<void> {
  const databaseUrl = await server.createDatabase();
  await using instagram = await startSimulatedInstagram({ folder, seed });
  const everybody: string[] = [];
  {
    await using sqlite = await startPerennial({ folder, instagram, name: "SQLite, 1 process" });
    await using one = await startPerennial({
      folder,
      instagram,
      databaseUrl: await server.createDatabase(),
      name: "Postgres, 1 process",
    });
    await using two = await startPerennial({
      folder,
      instagram,
      databaseUrl,
      processes: 2,
      name: "Postgres, 2 processes",
    });
    const contenders = [sqlite, one, two];
    const showings = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
    for (let round = -1; round < rounds; round += 1) {
      const { results } = await mapAll(Array.from({ length: people }), CONCURRENCY, () =>
        instagram.addPerson(),
      );
      everybody.push(...results);
      for (const [contender, shown] of showings) {
        const measured = await runRound(contender, instagram, results, CONCURRENCY);
        if (round >= 0) shown.push(measured); // the first of each warms up
      }
    }
    console.log(`${signInTable(showings)}\n`);
  }
  await reportRefreshes({ instagram, folder, databaseUrl, people: everybody, rounds });
}

function signInTable(showings: ReadonlyMap<Contender, readonly Round[]>): string {
  const perSecond = (round: Round): number => (round.signIns / round.complete.elapsedMs) * 1000;
  const [first = []] = showings.values();
  const rows = [...showings].map(([{ name }, rounds]) => {
    const ratios = rounds.map((round, index) => perSecond(round) / perSecond(first[index] ?? round));
    return [
      name,
      median(rounds.map(perSecond)).toFixed(0),
      `${median(ratios).toFixed(2)} times`,
      `${median(rounds.map((round) => round.complete.cpuMs.server / round.signIns)).toFixed(2)} ms`,
      `${median(rounds.flatMap((round) => round.complete.latenciesMs)).toFixed(1)} ms`,
    ];
  });
  return table([["sign-ins", "per second", "to the first", "processor time each", "median time"], ...rows]);
}

type RefreshPlan = {
  instagram: SimulatedInstagram;
  folder: string;
  databaseUrl: string;
  people: readonly string[];
  rounds: number;
};

async function reportRefreshes(plan: RefreshPlan): Promise<void> {
  const atOnce = await sweepInTurns(plan, plan.rounds, 0);
  const slowly = await sweepInTurns(plan, 1, ANSWER_MS);
  const row = (name: string, rates: readonly number[], index: number | null): string[] => {
    const ratios = rates.map((rate, round) => rate / (atOnce.postgres[0]?.[round] ?? Number.NaN));
    const slow = index === null ? slowly.sqlite : (slowly.postgres[index] ?? []);
    const ratio = index === null ? "" : `${median(ratios).toFixed(2)} times`;
    return [name, median(rates).toFixed(0), ratio, median(slow).toFixed(0)];
  };
  const heading = [
    `refreshes, ${plan.people.length} connections`,
    "per second",
    "to 1 on Postgres",
    `per second where Meta takes ${ANSWER_MS} ms`,
  ];
  const rows = WORKERS.map((workers, index) =>
    row(`Postgres, ${workers} ${workers === 1 ? "worker" : "workers"}`, atOnce.postgres[index] ?? [], index),
  );
  console.log(`${table([heading, row("SQLite, 1 worker", atOnce.sqlite, null), ...rows])}\n`);
}

/** Both databases fall due together again and again: SQLite has one worker each time, Postgres 1, 2 and 4 in turn. */
async function sweepInTurns(
  plan: RefreshPlan,
  rounds: number,
  answerMs: number,
): Promise<{ sqlite: number[]; postgres: number[][] }> {
  const { instagram, people } = plan;
  const rates = { sqlite: [] as number[], postgres: WORKERS.map((): number[] => []) };
  const sweep = async (
    databaseUrl: string | undefined,
    workers: number,
    delayMs: number,
  ): Promise<number> => {
    await instagram.forgetCalls();
    if (delayMs > 0) await instagram.delayAnswers(delayMs);
    const elapsedMs = await sweepOnce({ ...plan, databaseUrl, workers });
    await instagram.answerAtOnce();
    expectRefreshes(await instagram.countCalls(), people.length);
    return (people.length / elapsedMs) * 1000;
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, workers] of WORKERS.entries()) {
      await instagram.advanceDays(DAYS_UNTIL_ALL_ARE_DUE);
      const isFirst = index === 0;
      const onSqlite = await sweep(undefined, 1, isFirst ? answerMs : 0); // also so that nothing there expires
      if (isFirst || answerMs === 0) rates.sqlite.push(onSqlite);
      rates.postgres[index]?.push(await sweep(plan.databaseUrl, workers, answerMs));
    }
  }
  return rates;
}
