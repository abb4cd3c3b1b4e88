import type { IncomingMessage, ServerResponse } from "node:http";
import type { Control } from "./control/control.ts";
import type { FlavourName } from "./endpoint.ts";
import type { Listener } from "./faults/outage.ts";
import { openListener, type HttpListener } from "./http/listener.ts";
import { isLoopbackHostHeader } from "./http/loopback.ts";
import type { Provider } from "./http/provider.ts";
import { textReply } from "./http/reply.ts";
import type { Lab } from "./lab.ts";
import { pictureReply } from "./meta/pictures.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { World } from "./world.ts";

/** One of Meta's hosts: the world as seen from there, and what answers. */
export type Host = { world: World; provider: Provider };

/** The two listening sockets. */
export type Sockets = {
  /** @throws {SimulatorError} `invalid_input` before they are open. */
  of(flavour: FlavourName): Listener;
  /**
   * Listens for both hosts and tells each its origin; on failure neither listens.
   *
   * @throws {SimulatorError} `port_taken` or `invalid_input`.
   */
  open(address: Address, hosts: Record<FlavourName, Host>, own: OwnPaths): Promise<void>;
  close(): Promise<void>;
};

/** What the simulator answers beside Meta's own paths. */
export type OwnPaths = { control: Control; lab: Lab };

/** Where the simulator is to listen. Without a port of its own Facebook takes the one after Instagram's. */
export type Address = { host: string; port: number; facebookPort: number | undefined };

const LAST_PORT = 65_535;

export function createSockets(): Sockets {
  const open: Partial<Record<FlavourName, HttpListener>> = {}; // rules may ask for them before they exist

  async function close(): Promise<void> {
    await Promise.all([open.ig?.close(), open.fb?.close()]);
  }

  return {
    of(flavour) {
      const listener = open[flavour];
      if (listener === undefined) throw new SimulatorError("invalid_input", "Nothing listens yet.");
      return listener;
    },
    async open({ host, port, facebookPort }, { ig, fb }, own) {
      const origin = (listener: HttpListener) =>
        `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
      open.ig = await openListener(host, port, serveInstagram(ig, own));
      try {
        open.fb = await openListener(host, facebookPort ?? portAfter(port), serveFacebook(fb));
      } catch (error) {
        await close();
        throw error;
      }
      ig.world.origin = origin(open.ig);
      fb.world.origin = origin(open.fb);
    },
    close,
  };
}

function portAfter(port: number): number {
  if (port === 0) return 0;
  if (port < LAST_PORT) return port + 1;
  throw new SimulatorError("invalid_input", `There is no port after ${LAST_PORT} for Facebook.`);
}

/** Instagram's paths, the control paths and the simulator's own page. */
function serveInstagram({ world, provider }: Host, { control, lab }: OwnPaths) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { path, query } = splitTarget(request.url ?? "/");
    if (refuseStranger(provider, request, response)) return;
    const own = lab.answer(request, path);
    if (own !== null) {
      void Promise.resolve(own).then(
        (reply) => provider.send(response, reply),
        (error: unknown) => {
          process.emitWarning(error instanceof Error ? error : new Error(String(error)));
          response.destroy();
        },
      );
    } else if (path.startsWith("/__sim/")) {
      control.serve(request, response, path, query, (reply) => provider.send(response, reply));
    } else serve({ world, provider }, request, response, path, query);
  };
}

function serveFacebook(host: Host) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { path, query } = splitTarget(request.url ?? "/");
    if (!refuseStranger(host.provider, request, response)) serve(host, request, response, path, query);
  };
}

/** Pictures are no endpoint of Meta's, so no rule and no ledger entry. */
function serve(
  { world, provider }: Host,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
): void {
  if (request.method === "GET" && path.startsWith("/pictures/")) {
    provider.send(response, pictureReply(world, path, new URLSearchParams(query)));
  } else provider.serve(request, response, path, query);
}

function refuseStranger(provider: Provider, request: IncomingMessage, response: ServerResponse): boolean {
  if (isLoopbackHostHeader(request.headers.host)) return false;
  provider.send(response, textReply(403, "The simulator answers to names of this machine only."));
  return true;
}

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf("?");
  return mark === -1
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
