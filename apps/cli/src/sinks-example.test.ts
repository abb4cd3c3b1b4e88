import { connect, openTestWorld, startReceiver } from "@perennial/runtime/testing";
import { workspaceRoot } from "@perennial/runtime";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";

const DOCS = path.join(workspaceRoot, "docs");
const EXAMPLE = path.join(DOCS, "examples/post-it-where-you-need-it");

/** The commands of the page, as they are written there. */
const commands = [...readFileSync(path.join(DOCS, "sinks.md"), "utf8").matchAll(/```sh\n([^]*?)```/g)].map(
  ([, block = ""]) => block,
);

/** Types a command into a shell in which `npx pnpm@12 perennial` is this workspace's. */
async function type(command: string, variables: Record<string, string>): Promise<string> {
  const main = path.join(workspaceRoot, "apps/cli/src/main.ts");
  const script = `set -e\nnpx() { shift 2; "${process.execPath}" "${main}" "$@"; }\n${command}`;
  const shell = spawn("sh", ["-c", script], { env: { PATH: process.env["PATH"], ...variables } });
  const [said, complained] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  if (shell.exitCode === null) await once(shell, "exit");
  if (shell.exitCode !== 0) throw new Error(`The command failed: ${said}${complained}`);
  return said;
}

/** As much of Upstash as is needed here. */
async function startUpstash(token: string) {
  const keys = new Map<string, string>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
      const [, key] = /^\/get\/(.+)$/.exec(request.url ?? "") ?? [];
      if (key !== undefined)
        return response.end(JSON.stringify({ result: keys.get(decodeURIComponent(key)) ?? null }));
      const [, name = "", value = ""] = JSON.parse(body) as string[];
      keys.set(name, value);
      return response.end('{"result":"OK"}');
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("the page about sinks: post it where you need it", () => {
  it("shows the newest posts with the token that is kept in Upstash, as written", async () => {
    await using world = await openTestWorld();
    using upstash = await startUpstash("rest-token");
    const { connectionId } = await connect(world, "acme.shop");
    const variables = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: "rest-token" };
    await type(commands[0] ?? "", { ...world.environment, ...variables, CONNECTION: connectionId });
    world.sim.clock.advance({ days: 40 });
    await type("npx pnpm@12 perennial sweep", world.environment);

    onTestFinished(() => void vi.unstubAllEnvs());
    for (const [name, value] of Object.entries({ ...variables, INSTAGRAM_GRAPH_ORIGIN: world.sim.origin }))
      vi.stubEnv(name, value);
    const { default: handler } = (await import(pathToFileURL(path.join(EXAMPLE, "feed.mjs")).href)) as {
      default: () => Promise<Response>;
    };
    const response = await handler();
    const { posts } = (await response.json()) as { posts: unknown[] };
    expect([response.status, posts.length]).toEqual([200, expect.any(Number)]);
    expect(posts.length).toBeGreaterThan(0);
  }, 40_000);

  it("takes tokens that are genuine, and no others, as written", async () => {
    await using world = await openTestWorld();
    await using receiver = await startReceiver();
    const { connectionId } = await connect(world, "acme.shop");
    const where = { CONNECTION: connectionId, SITE_URL: receiver.url.replace(/\/$/, "") };
    const said = await type(commands[1] ?? "", { ...world.environment, ...where });
    const [secret = ""] = /whsec_\S+/.exec(said) ?? [];
    const { receiveTokens } = (await import(pathToFileURL(path.join(EXAMPLE, "hook.mjs")).href)) as {
      receiveTokens: (
        secret: string,
        keep: (data: unknown) => void,
      ) => (request: Request) => Promise<Response>;
    };
    const kept: unknown[] = [];
    const handler = receiveTokens(secret, (data) => void kept.push(data));
    const { headers, body } = receiver.received[0] ?? { headers: {}, body: "" };
    const post = (given: string) =>
      handler(new Request("https://site.test/", { method: "POST", headers, body: given }));
    expect((await post(body)).status).toBe(204);
    expect(kept).toMatchObject([{ connection_id: connectionId, username: "acme.shop" }]);
    expect((await post(body.replace("acme.shop", "evil.shop"))).status).toBe(401);
    expect(kept).toHaveLength(1);
  }, 40_000);
});
