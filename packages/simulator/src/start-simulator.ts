import { randomBytes, randomInt } from "node:crypto";
import { sendCallbacks } from "./callbacks.ts";
import { createControl } from "./control/control.ts";
import { createWorld, seenFromFacebook, type WorldParts } from "./create-world.ts";
import type { FlavourName } from "./endpoint.ts";
import { facebookLogin } from "./facebook/facebook-login.ts";
import { issueFacebookToken } from "./facebook/issue-token.ts";
import { LOGIN_CONFIGURATIONS } from "./facebook/login-configurations.ts";
import { createFacebookSwitches } from "./facebook/people-switches.ts";
import { createSockets, type Host } from "./hosts.ts";
import { createProvider } from "./http/provider.ts";
import { instagramLogin } from "./instagram/instagram-login.ts";
import { issueLongLived } from "./instagram/long-lived-tokens.ts";
import { SCOPES } from "./instagram/scopes.ts";
import { createLab } from "./lab.ts";
import { createPeopleSwitches } from "./people-switches.ts";
import { playPerson } from "./play-person.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";
import { createStateKeeper } from "./state-keeper.ts";
import type { World } from "./world.ts";

/**
 * Starts a local Instagram and Facebook that enforce the real rules. Real time costs nothing: `clock.advance` moves it.
 *
 * @throws {SimulatorError} `port_taken`, or `invalid_input` naming what is wrong with the options.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? randomInt(2 ** 32);
  const sockets = createSockets();
  const parts: WorldParts = { options, seed, listener: sockets.of };
  const keeper =
    options.stateFile === undefined ? undefined : createStateKeeper(options.stateFile, options.notify);
  const world =
    keeper === undefined
      ? createWorld(parts)
      : keeper.open((saved) => createWorld({ ...parts, saved, changed: keeper.changed }));
  const hosts = createHosts(world);
  const controlSecret = options.controlSecret ?? `SIMCTL_${randomBytes(24).toString("base64url")}`;
  const simulator = createSimulator({
    hosts,
    options,
    seed,
    controlSecret,
    async end() {
      await sockets.close();
      keeper?.close();
    },
  });
  const address = {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    facebookPort: options.facebookPort,
  };
  const own = { control: createControl(simulator), lab: createLab(world, simulator) };
  await sockets.open(address, hosts, own);
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

function createHosts(world: World): Record<FlavourName, Host> {
  const facebook = seenFromFacebook(world);
  return {
    ig: { world, provider: createProvider(world, instagramLogin) },
    fb: { world: facebook, provider: createProvider(facebook, facebookLogin) },
  };
}

type Parts = {
  hosts: Record<FlavourName, Host>;
  options: SimulatorOptions;
  seed: number;
  controlSecret: string;
  end: () => Promise<void>;
};

function createSimulator({ hosts, options, seed, controlSecret, end }: Parts): Simulator {
  const { world } = hosts.ig;
  const { clock, faults, gates, policy, tokens, ledger, traffic, facebook } = world;

  async function close(): Promise<void> {
    gates.close();
    world.timers.close();
    await end();
  }

  return {
    get origin() {
      return world.origin;
    },
    get facebookOrigin() {
      return hosts.fb.world.origin;
    },
    instagramApp: world.instagramApp,
    facebookApp: facebook.app,
    foreignInstagramApp: world.foreignInstagramApp,
    foreignFacebookApp: facebook.foreignApp,
    loginConfigurations: LOGIN_CONFIGURATIONS,
    controlSecret,
    seed,
    clock,
    faults,
    gates,
    policy,
    users: createPeopleSwitches(world),
    facebook: createFacebookSwitches(world),
    ledger: (after, limit) => ledger.entries(after, limit),
    lineages: () => [...tokens.lineages(clock.nowMs()), ...facebook.tokens.lineages(clock.nowMs())],
    concurrency: () => traffic.concurrency(),
    rate: () => traffic.rate(),
    resetLedger() {
      ledger.reset();
      traffic.reset();
    },
    authorize: (input) => playPerson(hosts, input),
    issueLongLivedToken(key, { permissions = Object.keys(SCOPES), app = "own" } = {}) {
      const { clientId } = app === "own" ? world.instagramApp : world.foreignInstagramApp;
      const lineage = tokens.lineageOf(clientId, world.people.get(key));
      const token = issueLongLived(world, lineage, permissions, "dashboard");
      return {
        value: token.value,
        issuedAt: new Date(token.issuedAtMs),
        expiresAt: new Date(token.expiresAtMs),
      };
    },
    issueFacebookToken: (key, given) => issueFacebookToken(world, key, given),
    send: (order) => sendCallbacks(world, options.callbacks ?? {}, order),
    close,
    [Symbol.asyncDispose]: close,
  };
}
