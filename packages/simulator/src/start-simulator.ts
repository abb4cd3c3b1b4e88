import { randomBytes, randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendCallbacks } from "./callbacks.ts";
import { createControl } from "./control/control.ts";
import { createWorld, type WorldParts } from "./create-world.ts";
import { openListener, type HttpListener } from "./http/listener.ts";
import { isLoopbackHostHeader } from "./http/loopback.ts";
import { createProvider, type Provider } from "./http/provider.ts";
import { HTML_TYPE, textReply } from "./http/reply.ts";
import { instagramLogin } from "./instagram/instagram-login.ts";
import { issueLongLived } from "./instagram/long-lived-tokens.ts";
import { pictureReply } from "./instagram/pictures.ts";
import { SCOPES } from "./instagram/scopes.ts";
import { labPage } from "./pages/lab-page.ts";
import { createPeopleSwitches } from "./people-switches.ts";
import { playPerson } from "./play-person.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";
import { SimulatorError } from "./simulator-error.ts";
import { createStateKeeper } from "./state-keeper.ts";
import type { World } from "./world.ts";

/**
 * Starts a local Instagram that enforces the real rules. Real time costs nothing: `clock.advance` moves it.
 *
 * @throws {SimulatorError} `port_taken`, or `invalid_input` naming what is wrong with the options.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? randomInt(2 ** 32);
  const host = options.host ?? "127.0.0.1";
  const socket: { listener?: HttpListener } = {}; // rules may ask for it before it exists
  const parts: WorldParts = {
    options,
    seed,
    listener() {
      if (socket.listener === undefined) throw new SimulatorError("invalid_input", "Nothing listens yet.");
      return socket.listener;
    },
  };
  const keeper =
    options.stateFile === undefined ? undefined : createStateKeeper(options.stateFile, options.notify);
  const world =
    keeper === undefined
      ? createWorld(parts)
      : keeper.open((saved) => createWorld({ ...parts, saved, changed: keeper.changed }));
  const provider = createProvider(world, [instagramLogin]);
  const controlSecret = options.controlSecret ?? `SIMCTL_${randomBytes(24).toString("base64url")}`;
  const simulator = createSimulator({
    world,
    provider,
    options,
    seed,
    controlSecret,
    async end() {
      await socket.listener?.close();
      keeper?.close();
    },
  });
  const control = createControl(simulator);

  const listener = await openListener(host, options.port ?? 0, (request, response) => {
    const { path, query } = splitTarget(request.url ?? "/");
    if (!isLoopbackHostHeader(request.headers.host)) {
      provider.send(response, textReply(403, "The simulator answers to names of this machine only."));
    } else if (path.startsWith("/__sim/")) {
      control.serve(request, response, path, query, (reply) => provider.send(response, reply));
    } else if (!servePage(world, provider, request, response, path, query)) {
      provider.serve(request, response, path, query);
    }
  });
  socket.listener = listener;
  world.origin = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  try {
    for (const rule of options.scenario?.faults ?? []) simulator.faults.add(rule);
    for (const gate of options.scenario?.gates ?? []) simulator.gates.add(gate);
    keeper?.start();
  } catch (error) {
    await simulator.close();
    throw error;
  }
  return simulator;
}

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf("?");
  return mark === -1
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** The simulator's own pages and pictures: no endpoint of Instagram's, so no rule and no ledger entry. */
function servePage(
  world: World,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
): boolean {
  if (request.method !== "GET") return false;
  if (path === "/" || path === "/__sim") {
    const { html, headers } = labPage(world);
    provider.send(response, { status: 200, contentType: HTML_TYPE, headers, body: html });
    return true;
  }
  if (!path.startsWith("/pictures/")) return false;
  provider.send(response, pictureReply(world, path, new URLSearchParams(query)));
  return true;
}

type Parts = {
  world: World;
  provider: Provider;
  options: SimulatorOptions;
  seed: number;
  controlSecret: string;
  end: () => Promise<void>;
};

function createSimulator({ world, provider, options, seed, controlSecret, end }: Parts): Simulator {
  const { clock, faults, gates, policy, tokens, ledger, traffic } = world;

  async function close(): Promise<void> {
    gates.close();
    world.timers.close();
    await end();
  }

  return {
    get origin() {
      return world.origin;
    },
    instagramApp: world.instagramApp,
    controlSecret,
    seed,
    clock,
    faults,
    gates,
    policy,
    users: createPeopleSwitches(world),
    ledger: (after, limit) => ledger.entries(after, limit),
    lineages: () => tokens.lineages(clock.nowMs()),
    concurrency: () => traffic.concurrency(),
    rate: () => traffic.rate(),
    resetLedger() {
      ledger.reset();
      traffic.reset();
    },
    authorize: (input) => playPerson(provider, world, input),
    issueLongLivedToken(key, { permissions = Object.keys(SCOPES) } = {}) {
      const user = world.people.get(key);
      const lineage = tokens.lineageOf("ig", world.instagramApp.clientId, user);
      const token = issueLongLived(world, lineage, permissions, "dashboard");
      return {
        value: token.value,
        issuedAt: new Date(token.issuedAtMs),
        expiresAt: new Date(token.expiresAtMs),
      };
    },
    send: (order) => sendCallbacks(world, options.callbacks ?? {}, order),
    close,
    [Symbol.asyncDispose]: close,
  };
}
