import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";

import { inheritedEnvironment } from "@perennial/runtime/testing";
import { workspaceRoot } from "@perennial/runtime";
import { describe, expect, it } from "vitest";

import { openV1 } from "./testing/open-v1.ts";

const EXAMPLES = [
  { command: process.execPath, file: "token.ts" },
  { command: "python3", file: "token.py" },
  { command: "sh", file: "token.sh" },
];

type Ran = { code: number | null; text: string };

async function run(command: string, file: string, env: Record<string, string>): Promise<Ran> {
  const child = spawn(command, [path.join(workspaceRoot, "docs/examples", file)], {
    env: { ...inheritedEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const output of [child.stdout, child.stderr])
    output.setEncoding("utf8").on("data", (chunk: string) => void (text += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text };
}

describe.each(EXAMPLES)("docs/examples/$file", ({ command, file }) => {
  const isThere = spawnSync(command, ["--version"]).error === undefined;

  it.runIf(isThere)("fetches a token, and says where to reconnect once it is dead", async () => {
    await using v1 = await openV1();
    const { secret } = await v1.createKey();
    const env = {
      PERENNIAL_URL: `http://127.0.0.1:${v1.port}`,
      PERENNIAL_KEY: secret,
      CONNECTION_ID: v1.connectionId,
      PERENNIAL_CACHE: path.join(v1.folder, "cache"),
    };
    for (let time = 0; time < 2; time += 1) {
      const fetched = await run(command, file, env);
      expect([fetched.code, fetched.text]).toEqual([
        0,
        expect.stringMatching(/a token of \d+|"access_token":"SIMTOK_/),
      ]);
    }
    v1.sim.users.removeApp("acme.shop");
    await v1.advance(40 * 86_400_000);
    await v1.runtime.connections.refresh({
      connectionId: v1.connectionId,
      userId: null,
      trigger: "worker",
      force: true,
    });
    const dead = await run(command, file, env);
    expect(dead.code).not.toBe(0);
    expect(dead.text).toMatch(/token_revoked[^]*\/reconnect#/);
    expect(dead.text).not.toContain("SIMTOK_");
  });

  it.runIf(isThere)("waits when it is asked to, and takes a 304 for what it is", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers["if-none-match"]);
      if (asked.length === 1) return response.writeHead(429, { "retry-after": "1" }).end("{}");
      const headers = { etag: 'W/"7"', "x-max-cache-seconds": "0" };
      if (asked.length > 2) return response.writeHead(304, headers).end();
      return response.writeHead(200, headers).end('{"access_token":"abc"}');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using world = await openV1();
    const env = {
      PERENNIAL_URL: `http://127.0.0.1:${port}`,
      PERENNIAL_KEY: "pnl_x",
      CONNECTION_ID: "con_x",
      PERENNIAL_CACHE: path.join(world.folder, "cache"),
    };
    const first = await run(command, file, env);
    const again = file === "token.sh" ? await run(command, file, env) : first;
    server.close();
    expect([again.code, again.text.trim()]).toEqual([
      0,
      expect.stringMatching(/a token of 3|\{"access_token":"abc"\}/),
    ]);
    expect(asked.map((tag) => tag === 'W/"7"')).toEqual([false, false, true]);
  });
});
