import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Call, Endpoint, Flavour, RoutedRequest, Route, Subject } from "../endpoint.ts";
import type { FiringRule } from "../faults/fault-engine.ts";
import type { LedgerRecord } from "../ledger.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { World } from "../world.ts";
import { readForm } from "./form.ts";
import { deliver } from "./passage.ts";
import { runSlowly } from "./pipeline.ts";
import { readBody } from "./read-body.ts";
import type { Reply } from "./reply.ts";
import { createTurnEnd } from "./turn-end.ts";

const MOST_BODY_BYTES = 1_048_576;
const NO_FIELDS = new URLSearchParams();

export type Provider = {
  /** Answers a request to one of Meta's paths. */
  serve(request: IncomingMessage, response: ServerResponse, path: string, query: string): void;
  /** Runs a request that never went over a socket through the same rules, gates and ledger. */
  call(method: string, path: string, query: URLSearchParams, form: URLSearchParams): Promise<Reply>;
  /** Sends an answer that is nobody's endpoint: pages, pictures, control. */
  send(response: ServerResponse, reply: Reply): number;
};

/** What one of Meta's hosts answers; `world` is the world as that host sees it. */
export function createProvider(world: World, flavour: Flavour): Provider {
  const doomed = new WeakSet<Socket>();
  const head = createHead(world);
  const atTurnEnd = createTurnEnd();

  function send(response: ServerResponse, reply: Reply): number {
    return write(response, reply, head(reply));
  }

  /** Answers at the end of the turn, with the head of this instant, unless the connection has been cut by then. */
  function sendSoon(response: ServerResponse, reply: Reply, record: LedgerRecord): void {
    const fields = head(reply);
    record.status = reply.status;
    atTurnEnd(() => {
      if (response.destroyed || response.socket?.destroyed === true) {
        record.delivery = "none";
        return;
      }
      try {
        record.bytesSent = write(response, reply, fields);
        record.delivery = "complete";
      } catch (error) {
        fail(response, error);
      }
    });
  }

  function route(request: RoutedRequest): Route {
    return flavour.route(request, world) ?? { endpoint: flavour.unknown, nodeId: "" };
  }

  function arrive(endpoint: Endpoint, call: Call, subject: Subject): LedgerRecord {
    const record = world.ledger.arrive(endpoint, call, subject);
    world.traffic.count(endpoint.at, record.arrivedRealMs);
    return record;
  }

  function findRule(endpoint: Endpoint, call: Call, subject: Subject): FiringRule | undefined {
    if (world.faults.isIdle) return undefined;
    return world.faults.match({ at: endpoint.at, flavour: endpoint.flavour, call, subject });
  }

  function answer(response: ServerResponse, endpoint: Endpoint, call: Call): void {
    const subject = endpoint.identify(world, call);
    const record = arrive(endpoint, call, subject);
    const { socket } = response;
    if (socket !== null && doomed.has(socket)) {
      Object.assign(record, { outcome: "not_processed", delivery: "none", fault: "keepalive_race" });
      socket.resetAndDestroy();
      return;
    }
    const rule = findRule(endpoint, call, subject);
    if (rule === undefined && world.gates.isIdle && world.latencyMs === 0) {
      const reply = endpoint.process(world, call, subject);
      world.ledger.processed(record, reply);
      sendSoon(response, reply, record);
      if (endpoint.at === "refresh" && subject.token !== undefined) {
        world.traffic.enter(subject.token);
        world.traffic.leave(subject.token);
      }
      return;
    }
    answerSlowly(response, endpoint, call, subject, record, rule).catch((error: unknown) =>
      fail(response, error),
    );
  }

  async function answerSlowly(
    response: ServerResponse,
    endpoint: Endpoint,
    call: Call,
    subject: Subject,
    record: LedgerRecord,
    rule: FiringRule | undefined,
  ): Promise<void> {
    const refreshed = endpoint.at === "refresh" ? subject.token : undefined;
    if (refreshed !== undefined) world.traffic.enter(refreshed);
    try {
      const isClientGone = () => response.destroyed || response.socket === null;
      const { reply, passage } = await runSlowly({
        world,
        endpoint,
        call,
        subject,
        record,
        rule,
        isClientGone,
      });
      const to = {
        response,
        head,
        timers: world.timers,
        doomed,
        sent: (bytes: number) => {
          record.bytesSent += bytes;
        },
      };
      record.status = passage.kind === "reset" || passage.kind === "silence" ? null : (reply?.status ?? 200);
      record.delivery = await deliver(to, reply, passage);
    } finally {
      if (refreshed !== undefined) world.traffic.leave(refreshed);
    }
  }

  return {
    serve(request, response, path, query) {
      const method = request.method ?? "GET";
      const take = (form: URLSearchParams): void => {
        const routed = { method, path, query: query === "" ? NO_FIELDS : new URLSearchParams(query), form };
        const { endpoint, nodeId } = route(routed);
        answer(response, endpoint, { ...routed, nodeId, bearer: bearerOf(request.headers.authorization) });
      };
      if (method === "GET") {
        take(NO_FIELDS);
        return;
      }
      readBody(request, MOST_BODY_BYTES)
        .then((body) => take(readForm(request.headers["content-type"], body)))
        .catch((error: unknown) => fail(response, error));
    },
    async call(method, path, query, form) {
      const { endpoint, nodeId } = route({ method, path, query, form });
      const call: Call = { method, path, nodeId, query, form, bearer: undefined };
      const subject = endpoint.identify(world, call);
      const record = arrive(endpoint, call, subject);
      const rule = findRule(endpoint, call, subject);
      const run = { world, endpoint, call, subject, record, rule, isClientGone: () => false };
      const { reply, passage } = await runSlowly(run);
      record.status = reply?.status ?? null;
      if (reply === undefined || !passage.kind.startsWith("whole")) {
        record.delivery = "none";
        throw new SimulatorError(
          "authorization_stopped",
          `No answer came: lost to ${record.fault ?? "a gate"}.`,
        );
      }
      record.bytesSent = Buffer.byteLength(reply.body);
      record.delivery = "complete";
      return reply;
    },
    send,
  };
}

/** Writes a whole answer and gives the length of its body in bytes. */
function write(response: ServerResponse, { status, body }: Reply, fields: string[]): number {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  fields.push("Content-Length", String(length));
  response.writeHead(status, fields);
  // plain letters need no encoding, which is dear for a text that was put together of many
  response.end(body, length === body.length ? "latin1" : "utf8");
  return length;
}

/** A client that hung up is its own affair; anything else is a bug here and has to be seen. */
function fail(response: ServerResponse, error: unknown): void {
  const hasHungUp = error instanceof Error && "code" in error && error.code === "ECONNRESET";
  if (!hasHungUp && !(error instanceof RangeError)) {
    process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }
  if (response.headersSent || response.destroyed) response.destroy();
  else response.writeHead(error instanceof RangeError ? 413 : 500, { Connection: "close" }).end();
}

function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const isBearer = authorization.slice(0, 7).toLowerCase() === "bearer ";
  return isBearer ? authorization.slice(7).trim() : undefined;
}

/** Head fields of an answer. The Date header follows the virtual clock; it is written once per second. */
function createHead(world: World): (reply: Reply) => string[] {
  let second = -1;
  let date = "";
  return (reply) => {
    const now = world.clock.nowMs();
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      date = new Date(now).toUTCString();
    }
    return ["Date", date, "Content-Type", reply.contentType, ...reply.headers];
  };
}
