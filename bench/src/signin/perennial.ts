import { createTransport } from "@perennial/instagram";
import { workspaceRoot } from "@perennial/runtime";
import { freePort } from "@perennial/runtime/testing";
import path from "node:path";

import { startProcess } from "../lib/bench-process.ts";
import { countRows } from "./count-rows.ts";
import { MOST_CONNECTIONS, type AllowedSignIn, type Contender, type ContenderOptions } from "./contender.ts";
import { perennialEnvironment } from "./perennial-environment.ts";

const SESSION_COOKIE = /(?:^|, )perennial_session=[^;]{20,}/;
const ATTEMPT_COOKIE = /(?:^|, )(perennial_attempt_[^=]+=[^;]+)/;

type BeginAnswer = { result: { data: { authorizationUrl: string } } };

/** Starts Perennial's api as it is: real file, durable commits, log on. */
export async function startPerennial(options: ContenderOptions): Promise<Contender> {
  const { folder, instagram, profileFolder } = options;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = startProcess({
    name: "perennial-api",
    file: path.join(workspaceRoot, "apps/api/src/main.ts"),
    env: {
      ...perennialEnvironment({ folder, simulatorPort: instagram.port }),
      APP_URL: origin,
      API_PORT: String(port),
    },
    logFile: path.join(folder, "perennial-api.log"),
    profileFolder,
  });
  await child.readyAt(`${origin}/readyz`);
  const browser = createTransport({ connectionsPerOrigin: MOST_CONNECTIONS });

  /** A call as the pages of the web app make it. */
  const mutate = (procedure: string, input: object, cookie: string | null) =>
    browser({
      method: "POST",
      url: `${origin}/trpc/${procedure}`,
      headers: {
        "content-type": "application/json",
        origin,
        "sec-fetch-site": "same-origin",
        "x-perennial-client": "web",
        ...(cookie === null ? {} : { cookie }),
      },
      body: JSON.stringify(input),
    });

  return {
    name: "Perennial",
    process: child,
    asksServerToBegin: true,
    begin: async () => {
      const { status, headers, body } = await mutate("auth.begin", {}, null);
      const [, cookie] = ATTEMPT_COOKIE.exec(headers["set-cookie"] ?? "") ?? [];
      if (status !== 200 || cookie === undefined) throw new Error(`auth.begin: HTTP ${status}, ${body}`);
      const { authorizationUrl } = (JSON.parse(body) as BeginAnswer).result.data;
      return { authorizationUrl, cookie };
    },
    complete: async ({ cookie, redirect }: AllowedSignIn) => {
      const input = { flavour: "instagram", query: redirect.search };
      const { status, headers, body } = await mutate("auth.complete", input, cookie);
      const isSignedIn = SESSION_COOKIE.test(headers["set-cookie"] ?? "") && body.includes('"connectionId"');
      if (status !== 200 || !isSignedIn) throw new Error(`auth.complete: HTTP ${status}, ${body}`);
    },
    countAccounts: () => countRows(path.join(folder, "perennial.db"), "connections"),
    [Symbol.asyncDispose]: async () => {
      await browser[Symbol.asyncDispose]();
      await child[Symbol.asyncDispose]();
    },
  };
}
