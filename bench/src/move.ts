import { createTokenSeal } from "@perennial/connections";
import { furnish, startPostgresServer } from "@perennial/db/testing";
import { soundProductionEnvironment } from "@perennial/runtime/testing";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark } from "./lib/benchmark.ts";
import { describeMachine } from "./lib/machine.ts";
import { countOf } from "./lib/options.ts";
import { randomFrom } from "./lib/random.ts";
import { table } from "./lib/table.ts";
import { contentOf } from "./move/content.ts";
import { travel } from "./move/journey.ts";

/** As a Postgres is installed: what it says is written is on the disk. */
const SAFE = {
  fsync: "on",
  full_page_writes: "on",
  autovacuum: "on",
  shared_buffers: "128MB",
  max_wal_size: "1GB",
};

type Settings = { connections: number; kills: number; seed: number };

/** A house that moves from a file into Postgres and back, and is killed on the way. */
export const move: Benchmark = {
  name: "move",
  summary: "moves connections from a file to Postgres and back, killed on the way, and compares every field",
  options: [
    "--n <count>      connections (50000)",
    "--kills <count>  kills in total (5)",
    "--seed <number>  seed of the content and of the moments of the kills (random)",
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
      n: { type: "string", default: "50000" },
      kills: { type: "string", default: "5" },
      seed: { type: "string", default: String(randomInt(1, 2 ** 16)) },
    },
  });
  return {
    connections: countOf("n", values.n),
    kills: countOf("kills", values.kills),
    seed: countOf("seed", values.seed),
  };
}

async function measure(settings: Settings, folder: string, stack: AsyncDisposableStack): Promise<boolean> {
  const { connections, kills, seed } = settings;
  console.log(`${connections} connections, ${kills} kills, seed ${seed}; ${describeMachine()}`);
  const key = randomBytes(32);
  const seal = createTokenSeal([{ id: "k1", key }]);
  const tokenOf = (connectionId: string): string => `IGQW-${connectionId}-${"x".repeat(140)}`;
  const environment = { ...soundProductionEnvironment(), TOKEN_KEYS: `k1:${key.toString("base64")}` };
  const server = stack.use(await startPostgresServer({ settings: SAFE }));
  const file = `file:${path.join(folder, "house.db")}`;
  const postgres = await server.createDatabase();
  await furnish(file, {
    connections,
    seed,
    sealFor: (connectionId, flavour) => seal.seal(tokenOf(connectionId), { connectionId, flavour }),
    keyChecks: [{ keyId: "k1", sealed: seal.checkValue("k1") }],
  });
  const before = await contentOf(file, seal, tokenOf);

  const random = randomFrom(seed);
  const killsThere = Math.ceil(kills / 2);
  const rows = [["way", "rows", "seconds", "rows/s", "kills", "equal", "tokens opened", "most memory"]];
  let isRight = true;
  for (const { way, from, to, killsOfWay } of [
    { way: "file to Postgres", from: file, to: postgres, killsOfWay: killsThere },
    { way: "Postgres to file", from: postgres, to: file, killsOfWay: kills - killsThere },
  ]) {
    const journey = await travel({ environment, from, to, kills: killsOfWay, connections, random });
    for (const moment of journey.killedAt) console.log(`${way}: killed at ${moment}`);
    const after = await contentOf(to, seal, tokenOf);
    const isEqual = after.digest === before.digest && after.rows === before.rows;
    const isOpen = after.tokensOpened === before.tokens && journey.tokensOpened === before.tokens;
    isRight &&= isEqual && isOpen;
    rows.push([
      way,
      String(after.rows),
      journey.seconds.toFixed(1),
      String(Math.round(after.rows / journey.seconds)),
      String(journey.killedAt.length),
      isEqual ? "yes" : "NO",
      `${after.tokensOpened} of ${before.tokens}`,
      `${journey.mostMemoryMiB} MiB`,
    ]);
  }
  console.log(table(rows));
  console.log("Seconds are those of all runs of a way, the killed ones too, with the start of each process.");
  return isRight;
}
