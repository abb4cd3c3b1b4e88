import { startPostgresServer } from "@perennial/db/testing";
import {
  pauseAndResume,
  runKillCampaign,
  spread,
  summarize,
  type KillOutcome,
  type KillSummary,
  type RotationPolicy,
} from "@perennial/e2e/kills";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine, loadAverages } from "./lib/machine.ts";
import { UsageError, countOf, engineOf, numberOf } from "./lib/options.ts";
import { table } from "./lib/table.ts";

const POLICIES: readonly RotationPolicy[] = ["keep_old", "same_token", "revoke_old"];
const MOST_TAKEOVER_MS = 20_000;
/** Where a new token may be lost with the process, when Instagram ends the old one at once. */
const LOSSY_PHASES: readonly string[] = ["P3", "P4"];
const MOST_UNTIL_FLAGGED_MS = 60_000;

/** Workers killed in every phase of a refresh. */
export const kills: Benchmark = {
  name: "kills",
  summary: "SIGKILL of a worker in each phase of a refresh: what is lost, and how soon another takes over",
  options: [
    "--n <count>          kills in each phase under each policy (50)",
    "--policies <names>   keep_old, same_token, revoke_old (all)",
    "--lanes <count>      workers killed side by side (6)",
    "--lease <seconds>    how long a lease lasts (15)",
    "--engine <name>      sqlite or postgres (sqlite)",
    "--pauses <count>     pauses of twice the lease, after the kills (10)",
    "--out <file>         every outcome, as JSON",
  ],
  run: async (args, stack) => {
    const settings = readSettings(args);
    const { n, lanes, lease, engine, policies } = settings;
    console.log(describeMachine());
    console.log(`${engine}, ${n} kills in each phase under each policy, lease ${lease} s, ${lanes} lanes`);
    const server = engine === "postgres" ? stack.use(await startPostgresServer()) : null;
    const database = server === null ? {} : { databaseUrl: () => server.createDatabase() };
    const outcomes = await runKillCampaign({
      policies,
      killsEach: n,
      lanes,
      leaseSeconds: lease,
      ...database,
      onKill: (_outcome, done, of) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} `);
      },
    });
    if (settings.out !== undefined) writeFileSync(settings.out, JSON.stringify(outcomes, null, 1));
    const summaries = summarize(outcomes);
    console.log(`\n${report(summaries)}\n`);
    const takeovers = outcomes.flatMap(({ takeoverMs }) => (takeoverMs === null ? [] : [takeoverMs]));
    const all = spread(takeovers);
    console.log(
      `${outcomes.length} kills, takeover p50 ${seconds(all.p50)}, p99 ${seconds(all.p99)}, most ${seconds(all.max)}`,
    );
    console.log(
      `what did not happen in N kills of a row happens in fewer than 3/N (95 %): N ${n}, ${percent(3 / n)}`,
    );
    console.log(`load averages at the end: ${loadAverages()}`);
    const faults = judge(outcomes, all.p99);
    const pauses = await pauseAndResume({ leaseSeconds: lease, pauses: settings.pauses, ...database });
    console.log(
      `${pauses.pauses} pauses of twice the lease: ${pauses.refused} late answers refused, ${pauses.staleCommits} stale commits`,
    );
    if (pauses.staleCommits > 0) faults.push(`${pauses.staleCommits} stale commits`);
    for (const fault of faults) console.log(`not as required: ${fault}`);
    return faults.length === 0;
  },
};

function readSettings(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      n: { type: "string", default: "50" },
      policies: { type: "string", default: POLICIES.join(",") },
      lanes: { type: "string", default: "6" },
      lease: { type: "string", default: "15" },
      engine: { type: "string", default: "sqlite" },
      pauses: { type: "string", default: "10" },
      out: { type: "string" },
    },
  });
  const policies = POLICIES.filter((policy) => values.policies.split(",").includes(policy));
  if (policies.length !== values.policies.split(",").length)
    throw new UsageError(`--policies takes ${POLICIES.join(", ")}.`);
  return {
    n: countOf("n", values.n),
    policies,
    lanes: countOf("lanes", values.lanes),
    lease: countOf("lease", values.lease),
    engine: engineOf(values.engine),
    pauses: numberOf("pauses", values.pauses),
    out: values.out,
  };
}

function report(summaries: readonly KillSummary[]): string {
  return table([
    ["policy, phase", "kills", "kept", "flagged", "silent", "wrong", "takeover p50", "p99", "settled by"],
    ...summaries.map(({ policy, phase, takeoverMs, longestToSettleMs, ...counts }) => [
      `${policy}, ${phase}`,
      ...[counts.kills, counts.kept, counts.flagged, counts.silent, counts.wrong].map(String),
      takeoverMs === null ? "-" : seconds(takeoverMs.p50),
      takeoverMs === null ? "-" : seconds(takeoverMs.p99),
      seconds(longestToSettleMs),
    ]),
  ]);
}

function judge(outcomes: readonly KillOutcome[], takeoverP99Ms: number): string[] {
  const faults = outcomes.flatMap(({ policy, phase, end, isWrong, settledMs }) => {
    const where = `${policy}, ${phase}`;
    if (isWrong) return [`${where}: somebody else's token`];
    if (end === "silent") return [`${where}: no working token, and nobody was told`];
    if (end === "kept") return [];
    const mayBeLost = policy === "revoke_old" && LOSSY_PHASES.includes(phase);
    if (!mayBeLost) return [`${where}: lost`];
    return settledMs <= MOST_UNTIL_FLAGGED_MS ? [] : [`${where}: flagged after ${seconds(settledMs)}`];
  });
  if (takeoverP99Ms > MOST_TAKEOVER_MS) faults.push(`takeover p99 ${seconds(takeoverP99Ms)}`);
  return faults;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
