import { SIMULATOR_CLIENT_ID, developmentSecrets, workspaceRoot } from "@perennial/runtime";
import { freePort } from "@perennial/runtime/testing";
import type { LedgerEntry } from "@perennial/simulator";
import path from "node:path";

import { startProcess, type BenchProcess } from "./bench-process.ts";

/** The simulator in a process of its own, so that its processor time is nobody else's. */
export type SimulatedInstagram = AsyncDisposable & {
  readonly process: BenchProcess;
  readonly origin: string;
  readonly port: number;
  readonly app: { clientId: string; clientSecret: string };
  /** Adds a professional account and gives its key. */
  addPerson(): Promise<string>;
  /** Lets a person allow an authorization request; gives the redirect address, code and state included. */
  allow(authorizationUrl: string, person: string): Promise<URL>;
  /** Forgets which calls came so far. */
  forgetCalls(): Promise<void>;
  /** Calls since they were last forgotten, counted by endpoint. @throws when one was refused or lost */
  countCalls(): Promise<Record<string, number>>;
  /** From now on every answer takes this long. */
  delayAnswers(delayMs: number): Promise<void>;
  answerAtOnce(): Promise<void>;
  advanceDays(days: number): Promise<void>;
  /** Puts the clock on an instant, where it stands still. */
  standStillAt(instant: Date): Promise<void>;
  /** A long-lived token that nobody's database knows. */
  issueLongLivedToken(person: string): Promise<string>;
};

const DAY_MS = 86_400_000;

/** Starts the simulator with the development secrets of a folder. */
export async function startSimulatedInstagram(options: {
  folder: string;
  seed: number;
}): Promise<SimulatedInstagram> {
  const { simulatorClientSecret, simulatorControlSecret } = developmentSecrets(options.folder);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = startProcess({
    name: "simulator",
    file: path.join(workspaceRoot, "packages/simulator/src/bin.ts"),
    env: {
      SIMULATOR_PORT: String(port),
      SIMULATOR_FACEBOOK_PORT: "0",
      SIM_CONTROL_SECRET: simulatorControlSecret,
      SIM_CLIENT_ID: SIMULATOR_CLIENT_ID,
      SIM_CLIENT_SECRET: simulatorClientSecret,
      SIM_SEED: String(options.seed),
    },
    logFile: path.join(options.folder, "simulator.log"),
  });
  await child.readyAt(`${origin}/__sim/clock`);

  const control = async <Answer>(method: string, name: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${origin}/__sim/${name}`, {
      method,
      headers: { "content-type": "application/json", "x-sim-secret": simulatorControlSecret },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`The simulator refused ${method} ${name} (HTTP ${response.status}).`);
    return JSON.parse(answer) as Answer;
  };

  let people = 0;
  return {
    process: child,
    origin,
    port,
    app: { clientId: SIMULATOR_CLIENT_ID, clientSecret: simulatorClientSecret },
    addPerson: async () => {
      const key = `bench-${(people += 1)}`;
      await control("POST", "users", { key, name: `Bench ${people}` });
      return key;
    },
    allow: (authorizationUrl, person) => submitConsentForm(origin, authorizationUrl, person),
    forgetCalls: async () => void (await control("DELETE", "ledger")),
    countCalls: async () => countSuccesses(await control<LedgerEntry[]>("GET", "ledger")),
    delayAnswers: async (delayMs) =>
      void (await control("POST", "faults", { at: "any", do: "delay", with: { ms: delayMs } })),
    answerAtOnce: async () => void (await control("DELETE", "faults")),
    advanceDays: async (days) => void (await control("POST", "clock", { advance_ms: days * DAY_MS })),
    standStillAt: async (instant) =>
      void (await control("POST", "clock", { offset_ms: instant.getTime() - Date.now(), rate: 0 })),
    issueLongLivedToken: async (user) => (await control<{ value: string }>("POST", "token", { user })).value,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** What the browser sends when a person presses "Allow"; the page itself, which lists everybody, is left out. */
async function submitConsentForm(origin: string, authorizationUrl: string, person: string): Promise<URL> {
  const form = new URLSearchParams(new URL(authorizationUrl).searchParams);
  for (const scope of (form.get("scope") ?? "").split(",")) form.append("permission", scope);
  form.set("user", person);
  form.set("decision", "allow");
  const response = await fetch(`${origin}/oauth/authorize/decision`, {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  await response.arrayBuffer();
  const location = response.headers.get("location");
  if (response.status !== 302 || location === null) {
    throw new Error(`The consent form answered with HTTP ${response.status}.`);
  }
  return new URL(location);
}

function countSuccesses(ledger: readonly LedgerEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { endpoint, outcome, delivery, status, refusal } of ledger) {
    if (outcome !== "accepted" || delivery !== "complete" || status !== 200) {
      throw new Error(
        `An upstream call failed: ${endpoint}, ${outcome} (${refusal ?? delivery}), HTTP ${status}.`,
      );
    }
    counts[endpoint] = (counts[endpoint] ?? 0) + 1;
  }
  return counts;
}
