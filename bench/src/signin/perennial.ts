import { runOn } from "@perennial/db/testing";
import { workspaceRoot } from "@perennial/runtime";
import { freePort } from "@perennial/runtime/testing";
import path from "node:path";

import { startProcess, type BenchProcess } from "../lib/bench-process.ts";
import { createPlainClient, type PlainAnswer } from "../lib/plain-client.ts";
import { sum } from "../lib/statistics.ts";
import { countRows } from "./count-rows.ts";
import type { AllowedSignIn, Contender, ContenderOptions } from "./contender.ts";
import { perennialEnvironment } from "./perennial-environment.ts";

const SESSION_COOKIE = /^set-cookie: perennial_session=[^;]{20,}/im;
const ATTEMPT_COOKIE = /^set-cookie: (perennial_attempt_[^=]+=[^;]+)/im;

type BeginAnswer = { result: { data: { authorizationUrl: string } } };

/** How Perennial joins: on SQLite by one process, unless told otherwise. */
export type PerennialOptions = ContenderOptions & {
  name?: string;
  /** A Postgres database, empty or with what this server has written. */
  databaseUrl?: string;
  /** Api processes; requests go to them in turns, so that an attempt ends at another one than it began at. */
  processes?: number;
};

/** Starts Perennial's api as it is: a real database, durable commits, log on. */
export async function startPerennial(options: PerennialOptions): Promise<Contender> {
  const { folder, instagram, profileFolder, databaseUrl, name = "Perennial", processes = 1 } = options;
  const ports = await Promise.all(Array.from({ length: processes }, () => freePort()));
  const origin = `http://127.0.0.1:${ports[0]}`;
  const children = ports.map((port) =>
    startProcess({
      name: `perennial-api-${port}`,
      file: path.join(workspaceRoot, "apps/api/src/main.ts"),
      env: {
        ...perennialEnvironment({ folder, simulatorPort: instagram.port, databaseUrl }),
        APP_URL: origin,
        API_PORT: String(port),
      },
      logFile: path.join(folder, `perennial-api-${port}.log`),
      profileFolder,
    }),
  );
  await Promise.all(children.map((child, index) => child.readyAt(`http://127.0.0.1:${ports[index]}/readyz`)));
  let requests = 0;
  const browsers = ports.map((port) => createPlainClient(port));

  /** A call as the pages of the web app make it. */
  const mutate = (procedure: string, input: object, cookie: string | null): Promise<PlainAnswer> => {
    const browser = browsers[(requests += 1) % browsers.length];
    if (browser === undefined) throw new Error("There is no api process.");
    return browser.ask({
      method: "POST",
      path: `/trpc/${procedure}`,
      headers: {
        "content-type": "application/json",
        origin,
        "sec-fetch-site": "same-origin",
        "x-perennial-client": "web",
        ...(cookie === null ? {} : { cookie }),
      },
      body: JSON.stringify(input),
    });
  };

  return {
    name,
    process: together(children),
    asksServerToBegin: true,
    begin: async () => {
      const { status, head, body } = await mutate("auth.begin", {}, null);
      const [, cookie] = ATTEMPT_COOKIE.exec(head) ?? [];
      if (status !== 200 || cookie === undefined) throw new Error(`auth.begin: HTTP ${status}, ${body}`);
      const { authorizationUrl } = (JSON.parse(body) as BeginAnswer).result.data;
      return { authorizationUrl, cookie };
    },
    complete: async ({ cookie, redirect }: AllowedSignIn) => {
      const input = { flavour: "instagram", query: redirect.search };
      const { status, head, body } = await mutate("auth.complete", input, cookie);
      const isSignedIn = SESSION_COOKIE.test(head) && body.includes('"connectionId"');
      if (status !== 200 || !isSignedIn) throw new Error(`auth.complete: HTTP ${status}, ${body}`);
    },
    countAccounts: async () => {
      if (databaseUrl === undefined) return countRows(path.join(folder, "perennial.db"), "connections");
      const [row] = await runOn<{ count: string }>(databaseUrl, "SELECT count(*) FROM connections");
      return Number(row?.count);
    },
    [Symbol.asyncDispose]: async () => {
      for (const browser of browsers) browser[Symbol.dispose]();
      await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
    },
  };
}

/** Several processes, their processor time added up. */
function together(children: readonly BenchProcess[]): Contender["process"] {
  return {
    cpuMs: async () => sum(await Promise.all(children.map((child) => child.cpuMs()))),
    log: () => children.map((child) => child.log()).join("\n"),
  };
}
