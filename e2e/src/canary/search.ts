import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import {
  freePort,
  openTestWorld,
  startAppProcess,
  type AppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";

import { postgresAt, sqliteIn, startReadingAhead } from "../databases.ts";
import { mutate, signIn } from "../web-client.ts";
import { leaksIn, type Haystack } from "./canaries.ts";
import { signedRequests, type SentRequest } from "./signed-requests.ts";
import { tellingPrograms, type TellingProgram } from "./telling-programs.ts";

/** What a search found, and that there was something to find. */
export type Search = {
  leaks: string[];
  /** What was looked through, by name and letters. */
  looked: Map<string, number>;
  canaries: number;
  /** How the requests that pretend to be Meta's were answered. */
  answers: { name: string; status: number; isGood: boolean }[];
  /** The tokens that each program was handed. */
  handed: number[];
  /** What the receipts of the programs' sinks say. */
  receipts: string;
  everything: Haystack[];
};

const MONTH_AND_MORE = { days: 40 };
const PEOPLE = ["leaver.one", "leaver.two"] as const;
const PATIENCE_MS = 20_000;
const ADDRESSES = ["/meta/deauthorize", "/meta/data-deletion"];

/**
 * Has programs that tell what they are handed be sinks, and sends what Meta sends and what forgers do, to real processes at
 * debug level. Then looks for all of it in what they wrote, kept and answered.
 */
export async function searchForCanaries(databaseUrl: string | null): Promise<Search> {
  const environment = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
  const readAhead = databaseUrl === null ? async () => "" : await startReadingAhead(databaseUrl);
  await using world = await openTestWorld({ environment });
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-programs-"));
  try {
    const programs = tellingPrograms(folder);
    const { haystacks, sent, receipts } = await live(world, programs);
    const database = databaseUrl === null ? sqliteIn(world.folder) : postgresAt(databaseUrl);
    const everything = [
      ...haystacks,
      ["the log of this process", world.logLines.join("\n")] satisfies Haystack,
      ...(await database.content()),
      ["what is written ahead", await readAhead()] satisfies Haystack,
    ];
    const canaries = [
      ...sent.flatMap(({ request }) => request.canaries),
      ...programs.flatMap((program) =>
        program.tokens().map((token): [string, string] => [`a token that ${program.name} was handed`, token]),
      ),
    ];
    return {
      leaks: leaksIn(everything, canaries),
      looked: new Map(everything.map(([where, text]) => [where, text.length])),
      canaries: canaries.length,
      answers: sent.map(({ request, status }) => ({ name: request.name, status, isGood: request.isGood })),
      handed: programs.map((program) => program.tokens().length),
      receipts,
      everything,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sent = { request: SentRequest; status: number };

async function live(
  world: TestWorld,
  programs: readonly TellingProgram[],
): Promise<{ haystacks: Haystack[]; sent: Sent[]; receipts: string }> {
  const haystacks: Haystack[] = [];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await using api = startAppProcess("api", { ...world.environment, API_PORT: String(port) });
  await api.lineWith("api.listening");
  const cookie = await signIn(world, origin);
  const connectionId = await connectionOf(origin, cookie);

  const run = async (...args: string[]): Promise<string> => {
    await using cli = startAppProcess("cli", world.environment, args);
    await cli.exited;
    const text = cli.lines.join("\n");
    haystacks.push([`perennial ${args.slice(0, 2).join(" ")}`, text]);
    return text;
  };
  await Promise.all(
    programs.map(({ file }) => run("sinks", "add", connectionId, "command", "--program", file)),
  );
  const sinks = await answerTo(haystacks, () =>
    fetch(`${origin}/trpc/sinks.list?input=${encodeURIComponent(JSON.stringify({ connectionId }))}`, {
      headers: { cookie: cookie ?? "" },
    }),
  );
  const ids = [...new Set(sinks.match(/snk_[\w-]+/g))];
  world.sim.clock.advance(MONTH_AND_MORE);
  haystacks.push(["the worker's log", await letWorkerSweep(world, programs)]);
  for (const id of ids)
    await answerTo(haystacks, () =>
      mutate(world, origin, { procedure: "sinks.test", input: { id }, cookie }),
    );
  await answerTo(haystacks, () => mutate(world, origin, { procedure: "account.export", cookie }));
  await Promise.all(ids.map((id) => run("sinks", "test", id)));

  const receipts = (await Promise.all(ids.map((id) => run("sinks", "receipts", id, "--json")))).join("\n");
  const sent = await pretend(world, origin, haystacks);
  const backup = path.join(world.folder, "copy.backup");
  await run("backup", backup);
  haystacks.push(["the backup", readFileSync(backup, "latin1")]);
  await answerTo(haystacks, () => fetch(`${origin}/metrics`));
  api.signal("SIGTERM");
  await api.exited;
  haystacks.push(["the api's log", api.lines.join("\n")]);
  return { haystacks, sent, receipts };
}

async function connectionOf(origin: string, cookie: string | null): Promise<string> {
  const answer = await fetch(`${origin}/trpc/connections.list`, { headers: { cookie: cookie ?? "" } });
  const [id] = /con_[\w-]+/.exec(await answer.text()) ?? [];
  if (id === undefined) throw new Error("Nobody is signed in.");
  return id;
}

/** Until every program has been handed the token that came of it. */
async function letWorkerSweep(world: TestWorld, programs: readonly TellingProgram[]): Promise<string> {
  const environment = { ...world.environment, WORKER_PORT: String(await freePort()) };
  await using worker: AppProcess = startAppProcess("worker", environment);
  const isHanded = (): boolean => programs.every((program) => program.tokens().length >= 2);
  for (const endsAtMs = performance.now() + PATIENCE_MS; !isHanded();) {
    if (performance.now() > endsAtMs) throw new Error(`Nothing was handed on:\n${worker.lines.join("\n")}`);
    await pause(20);
  }
  worker.signal("SIGTERM");
  await worker.exited;
  return worker.lines.join("\n");
}

/** Sends everything to both addresses, the forged first: of what is good people are gone. */
async function pretend(world: TestWorld, origin: string, haystacks: Haystack[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const [index, address] of ADDRESSES.entries()) {
    const known = PEOPLE[index] ?? "";
    const professionalId = `1784149000000${index}000`;
    world.sim.users.add({ key: known, username: known, name: known, professionalId });
    await signIn(world, origin, known);
    const { good, forged } = signedRequests(world, { known });
    for (const each of [...forged, ...good, ...good]) {
      const request = { ...each, name: `${address}: ${each.name}` };
      const { method, headers, body, query } = request;
      let status = 0;
      await answerTo(haystacks, async () => {
        const answer = await fetch(`${origin}${address}${query}`, { method, headers, body });
        ({ status } = answer);
        return answer;
      });
      sent.push({ request, status });
    }
  }
  await world.runtime.connections.callbacks.settle();
  return sent;
}

/** Keeps an answer, with its headers, as somewhere to look. */
async function answerTo(haystacks: Haystack[], ask: () => Promise<Response>): Promise<string> {
  const answer = await ask();
  const text = await answer.text();
  const headers = [...answer.headers].map((header) => header.join(": ")).join("\n");
  haystacks.push([`an answer of ${new URL(answer.url).pathname}`, `${headers}\n\n${text}`]);
  return text;
}
